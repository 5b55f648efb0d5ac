package io.retort;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class UsageTest {

  @Test
  void everySettingThatItNamesIsOneOfTheReadmes() throws IOException {
    List<String> settings =
        Pattern.compile("--([a-z.-]+)=")
            .matcher(Usage.TEXT)
            .results()
            .map((MatchResult r) -> r.group(1))
            .filter(name -> !name.equals("spring.profiles.active"))
            .toList();
    assertThat(settings).hasSizeGreaterThan(8);
    String readme = Files.readString(Path.of("README.md"));
    assertThat(settings).allSatisfy(name -> assertThat(readme).contains("`" + name + "`"));
  }

  @Test
  void isWantedByEitherName() {
    assertThat(Usage.isWanted("--server.port=1", "--help")).isTrue();
    assertThat(Usage.isWanted("-h")).isTrue();
    assertThat(Usage.isWanted("--help=me", "help")).isFalse();
  }
}
