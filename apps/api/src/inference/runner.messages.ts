/** What the inference process is asked. */
export type RunRequest = {
  modelPath: string;
  /** Of the model's file: sessions are kept under it. */
  sha256: string;
  sizeBytes: number;
  /** The bytes of an image file. */
  image: Uint8Array;
};

/** What it answers: a probability for each class, or whose fault it was. */
export type RunAnswer = { probabilities: number[]; latencyMs: number } | { fault: 'image' | 'model'; problem: string };
