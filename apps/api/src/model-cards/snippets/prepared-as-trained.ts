/** The imports of `preparedAsTrained` that are not the model's own. */
export const PREPARED_IMPORTS = `import json
import numpy as np
`;

/** Prepares a picture as preprocessing.json says, and gives the likeliest class of a torch `model` with `classes`. */
export const preparedAsTrained = `about = json.load(open("preprocessing.json"))["weights"]
size = (about["image_size"], about["image_size"])
pixels = torch.from_numpy(np.array(Image.open("image.jpg").convert("RGB"))).permute(2, 0, 1)[None].float() / 255
pixels = torch.nn.functional.interpolate(pixels, size=size, mode="bilinear", antialias=True, align_corners=False)
mean, std = (torch.tensor(about[name]).view(1, 3, 1, 1) for name in ("mean", "std"))
pixels = (pixels - mean) / std
`;

/** Asks a torch `model` about the `pixels`; `scores`: where in its output they are. Without `classes` the place of the likeliest is said. */
export function answer(hasClasses: boolean, scores = ''): string {
  const likeliest = 'int(probabilities.argmax())';
  return `with torch.inference_mode():
    probabilities = model(pixels)${scores}.softmax(dim=1)[0]
print(${hasClasses ? `classes[${likeliest}]` : likeliest}, float(probabilities.max()))
`;
}
