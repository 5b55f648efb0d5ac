package io.retort.job;

import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;

interface Jobs extends JpaRepository<Job, UUID> {
  Optional<Job> findByIdAndTenant(UUID id, String tenant);
}
