package io.retort.teacher;

import io.retort.outgoing.Outgoing;
import io.retort.outgoing.OutgoingException;
import io.retort.spec.EndpointSpec;
import io.retort.spec.TeacherSpec;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds teachers on other servers. */
public final class RemoteModels {

  private final Outgoing outgoing;
  private final Map<String, RemoteToken> tokens;

  /**
   * @param tokens by the names that jobs call them
   */
  public RemoteModels(Outgoing outgoing, Map<String, RemoteToken> tokens) {
    this.outgoing = outgoing;
    this.tokens = Map.copyOf(tokens);
  }

  /**
   * Says without asking the server whether it may be asked.
   *
   * @param pointer of the teacher in the spec
   * @throws TeacherException where the address is not allowed, or the token unknown or not for it
   */
  public void check(EndpointSpec endpoint, String pointer) {
    String at = pointer + "/endpoint/url";
    try {
      outgoing.check(new URI(endpoint.url()));
    } catch (OutgoingException e) {
      throw TeacherException.mismatch(e.code(), at, e.getMessage());
    } catch (URISyntaxException e) {
      throw TeacherException.mismatch("forbidden_uri", at, "The address is no URI.");
    }
    var unused = token(endpoint, pointer);
  }

  /**
   * Asks the server what it is.
   *
   * @param spec of a teacher with an endpoint
   * @throws TeacherException as {@link #check}; or where it does not answer, or does not fit
   */
  public RemoteReading inspect(TeacherSpec spec, Reading.Dataset dataset, String pointer) {
    EndpointSpec endpoint = Objects.requireNonNull(spec.endpoint());
    check(endpoint, pointer);
    RemoteCalls calls =
        new RemoteCalls(
            outgoing, endpoint, token(endpoint, pointer), Patience.PLANNING, pointer + "/endpoint");
    return RemoteReading.of(calls, spec, dataset, pointer);
  }

  private @Nullable RemoteToken token(EndpointSpec endpoint, String pointer) {
    if (endpoint.token() == null) {
      return null;
    }
    RemoteToken token = tokens.get(endpoint.token());
    if (token == null) {
      throw TeacherException.mismatch(
          "unknown_token",
          pointer + "/endpoint/token",
          "The service has no token `%s`; the operator sets it as retort.teachers.tokens.%s."
              .formatted(endpoint.token(), endpoint.token()));
    }
    if (!token.goesTo(URI.create(endpoint.url()))) {
      throw TeacherException.mismatch(
          "token_not_for_host",
          pointer + "/endpoint/token",
          "The token `%s` is for another origin than this address.".formatted(endpoint.token()));
    }
    return token;
  }
}
