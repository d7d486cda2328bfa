import protobuf from 'protobufjs';
import { compress } from 'snappy';

/** One value of a series now. `name` and `labels` together are the series. */
export type Sample = { name: string; labels: Readonly<Record<string, string>>; value: number };

/** Of the messages of remote write 1.0, what a sender needs. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message WriteRequest { repeated TimeSeries timeseries = 1; }
  message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
  message Label { string name = 1; string value = 2; }
  message Sample { double value = 1; int64 timestamp = 2; }
`);
const WriteRequest = root.lookupType('WriteRequest');

/** The body of a remote-write request (Prometheus Remote-Write 1.0: protobuf in a snappy block) with all samples at `timeMs`. */
export function writeRequest(samples: readonly Sample[], timeMs: number): Promise<Buffer> {
  const timeseries = samples.map(({ name, labels, value }) => ({
    // A receiver may refuse labels that are not sorted.
    labels: Object.entries({ ...labels, __name__: name })
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => ({ name, value })),
    samples: [{ value, timestamp: timeMs }],
  }));
  return compress(Buffer.from(WriteRequest.encode({ timeseries }).finish()));
}
