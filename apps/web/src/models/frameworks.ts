/** Common ones; any other may be named. */
export const FRAMEWORKS = ['pytorch', 'timm', 'huggingface', 'ultralytics', 'onnx', 'tensorflow'];
