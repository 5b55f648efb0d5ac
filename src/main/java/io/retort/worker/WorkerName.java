package io.retort.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;

/** Tells workers apart: host and process for people, the rest because both are used again. */
record WorkerName(String value) {

  static WorkerName unique() {
    String random = Integer.toHexString(new SecureRandom().nextInt() | 0x1000_0000);
    return new WorkerName(host() + "-" + ProcessHandle.current().pid() + "-" + random);
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "worker";
    }
  }
}
