package io.retort.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Tells workers apart: host, process and start. */
record WorkerName(String value) {

  static WorkerName ofThisProcess() {
    ProcessHandle process = ProcessHandle.current();
    long started = process.info().startInstant().map(i -> i.getEpochSecond()).orElse(0L);
    return new WorkerName(host() + "-" + process.pid() + "-" + Long.toString(started, 36));
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "worker";
    }
  }
}
