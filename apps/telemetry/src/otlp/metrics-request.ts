import protobuf from 'protobufjs';

/** Of OpenTelemetry's `metrics/v1/metrics.proto` and what it uses, the fields that are read here. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message ExportMetricsServiceRequest { repeated ResourceMetrics resource_metrics = 1; }
  message ExportMetricsServiceResponse { PartialSuccess partial_success = 1; }
  message PartialSuccess { int64 rejected_data_points = 1; string error_message = 2; }
  message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeMetrics { repeated Metric metrics = 2; }
  message Metric {
    string name = 1;
    oneof data {
      Numbers gauge = 5;
      Numbers sum = 7;
      Histograms histogram = 9;
      ExponentialHistograms exponential_histogram = 10;
      Summaries summary = 11;
    }
  }
  message Numbers { repeated NumberDataPoint data_points = 1; }
  message NumberDataPoint {
    repeated KeyValue attributes = 7;
    fixed64 time_unix_nano = 3;
    oneof value { double as_double = 4; sfixed64 as_int = 6; }
    uint32 flags = 8;
  }
  message Histograms { repeated HistogramDataPoint data_points = 1; }
  message HistogramDataPoint {
    repeated KeyValue attributes = 9;
    fixed64 time_unix_nano = 3;
    fixed64 count = 4;
    optional double sum = 5;
    optional double min = 11;
    optional double max = 12;
  }
  message ExponentialHistograms { repeated ExponentialHistogramDataPoint data_points = 1; }
  message ExponentialHistogramDataPoint {
    repeated KeyValue attributes = 1;
    fixed64 time_unix_nano = 3;
    fixed64 count = 4;
    optional double sum = 5;
    optional double min = 12;
    optional double max = 13;
  }
  message Summaries { repeated SummaryDataPoint data_points = 1; }
  message SummaryDataPoint {
    repeated KeyValue attributes = 7;
    fixed64 time_unix_nano = 3;
    fixed64 count = 4;
    double sum = 5;
  }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue {
    oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; }
  }
`);
const Request = root.lookupType('ExportMetricsServiceRequest');
const Response = root.lookupType('ExportMetricsServiceResponse');

type KeyValue = {
  key?: string;
  value?: { stringValue?: string; boolValue?: boolean; intValue?: number; doubleValue?: number };
};
type DataPoint = {
  attributes?: KeyValue[];
  timeUnixNano?: number;
  asDouble?: number;
  asInt?: number;
  flags?: number;
  count?: number;
  sum?: number;
  min?: number;
  max?: number;
};
type Data = { dataPoints?: DataPoint[] };
type Metric = {
  name?: string;
  gauge?: Data;
  sum?: Data;
  histogram?: Data;
  exponentialHistogram?: Data;
  summary?: Data;
};
type Form = {
  resourceMetrics?: { resource?: { attributes?: KeyValue[] }; scopeMetrics?: { metrics?: Metric[] }[] }[];
};

export type Attributes = Record<string, string | number | boolean>;
/** A value that a program measured. */
export type Measured = { name: string; attributes: Attributes; timeMs: number; value: number };
/** What one program (one "resource") measured. */
export type ResourceMeasured = { resource: Attributes; points: Measured[] };

/** The point has no value: `DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK`. */
const NO_VALUE = 1;

/** @param body bytes of protocol buffers, or their JSON form. @throws Error when it is neither */
export function readMetricsRequest(body: unknown): ResourceMeasured[] {
  const message =
    body instanceof Uint8Array ? Request.decode(body) : Request.fromObject(body as Record<string, unknown>);
  const form = Request.toObject(message, { longs: Number, oneofs: false }) as Form;
  return (form.resourceMetrics ?? []).map(({ resource, scopeMetrics }) => ({
    resource: attributesOf(resource?.attributes),
    points: (scopeMetrics ?? []).flatMap(({ metrics }) => (metrics ?? []).flatMap(measuredOf)),
  }));
}

/** The answer in the form of the request. */
export function metricsResponse(rejected: number, message: string, asBytes: boolean): Uint8Array | object {
  const answer = rejected > 0 ? { partialSuccess: { rejectedDataPoints: rejected, errorMessage: message } } : {};
  return asBytes ? Response.encode(Response.fromObject(answer)).finish() : answer;
}

function measuredOf({ name = '', ...data }: Metric): Measured[] {
  const numbers = (data.gauge ?? data.sum)?.dataPoints ?? [];
  const others = (data.histogram ?? data.exponentialHistogram ?? data.summary)?.dataPoints ?? [];
  return [
    ...numbers.flatMap((point) => {
      const value = point.asDouble ?? point.asInt;
      return value === undefined ? [] : measured(name, point, value);
    }),
    ...others.flatMap((point) =>
      (['count', 'sum', 'min', 'max'] as const).flatMap((part) => {
        const value = point[part];
        return value === undefined ? [] : measured(`${name}.${part}`, point, value);
      }),
    ),
  ];
}

function measured(name: string, point: DataPoint, value: number): Measured[] {
  if ((point.flags ?? 0) & NO_VALUE) return [];
  return [
    { name, attributes: attributesOf(point.attributes), timeMs: Math.floor((point.timeUnixNano ?? 0) / 1e6), value },
  ];
}

function attributesOf(list: KeyValue[] | undefined): Attributes {
  const attributes: Attributes = {};
  for (const { key = '', value } of list ?? []) {
    const known = value?.stringValue ?? value?.boolValue ?? value?.intValue ?? value?.doubleValue;
    if (known !== undefined) attributes[key] = known;
  }
  return attributes;
}
