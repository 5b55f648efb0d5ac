package io.retort.outgoing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutgoingGuardTest {

  private final OutgoingGuard guard = guard();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://127.1.2.3:8080/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://172.31.255.255/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/",
        "http://100.100.100.200/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://198.18.0.1/",
        "http://[::1]/",
        "http://[::]/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://[fd00:ec2::254]/",
        "http://[ff02::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[2001:db8::1]/",
        "https://localhost/",
      })
  void refusesPrivateAddresses(String uri) {
    assertThatThrownBy(() -> guard.check(URI.create(uri)))
        .isInstanceOfSatisfying(
            OutgoingException.class,
            e -> org.assertj.core.api.Assertions.assertThat(e.code()).isEqualTo("forbidden_host"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://1.1.1.1/data.csv",
        "http://172.32.0.1/",
        "http://100.128.0.1/",
        "http://[2606:4700:4700::1111]/",
        "http://[2002:101:101::]/",
      })
  void letsPublicAddressesPass(String uri) {
    assertThatCode(() -> guard.check(URI.create(uri))).doesNotThrowAnyException();
  }

  @Test
  void letsListedHostsPass() {
    OutgoingGuard listed = guard("minio", "127.0.0.1:9000", "LOCALHOST");
    assertThatCode(() -> listed.check(URI.create("http://minio/x"))).doesNotThrowAnyException();
    assertThatCode(() -> listed.check(URI.create("http://127.0.0.1:9000/x")))
        .doesNotThrowAnyException();
    assertThatCode(() -> listed.check(URI.create("http://localhost:1/x")))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> listed.check(URI.create("http://127.0.0.1:9001/x")))
        .isInstanceOf(OutgoingException.class);
  }

  @Test
  void refusesPasswordsAndMissingHosts() {
    assertThatThrownBy(() -> guard.check(URI.create("https://me:secret@1.1.1.1/")))
        .hasMessageNotContaining("secret")
        .hasMessageContaining("user name");
    assertThatThrownBy(() -> guard.check(URI.create("https:///x"))).hasMessageContaining("no host");
  }

  private static OutgoingGuard guard(String... allowed) {
    return new OutgoingGuard(List.of(allowed), "a.setting", OutgoingGuardTest::resolve);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://1.1.1.01/",
        "http://256.1.1.1/",
        "ftp://1.1.1.1/x",
        "file:///etc/passwd",
        "gopher://1.1.1.1/x",
        "data:text/plain,x",
      })
  void refusesOtherSchemesAndAddressesInUnusualSpelling(String uri) {
    assertThatThrownBy(() -> guard.check(URI.create(uri)))
        .isInstanceOfSatisfying(
            OutgoingException.class,
            e -> org.assertj.core.api.Assertions.assertThat(e.code()).isEqualTo("forbidden_uri"));
  }

  /** Names that these tests use do not exist; asking a name server for them would take long. */
  private static java.net.InetAddress[] resolve(String host) throws java.net.UnknownHostException {
    return host.equals("minio")
        ? new java.net.InetAddress[] {java.net.InetAddress.getByName("10.1.2.3")}
        : java.net.InetAddress.getAllByName(host);
  }
}
