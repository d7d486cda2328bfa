/** Hues of curves told apart best, in degrees; the first is the page's own. */
const HUES = [184, 40, 265, 145, 350, 85, 225, 15, 305, 115];
/** Between two of so many colors the hue turns by the golden angle, so that neighbours differ. */
const GOLDEN_ANGLE = 137.508;

/** The color of the n-th curve, from 0: dark enough on white, light enough on black. */
export function curveColor(index: number): string {
  const hue = HUES[index] ?? (index * GOLDEN_ANGLE) % 360;
  return `light-dark(oklch(56% 0.14 ${hue.toFixed(0)}), oklch(76% 0.13 ${hue.toFixed(0)}))`;
}

/** Turns colors of CSS, with their variables and schemes, into ones that a canvas knows, as they are where `probe` is. */
export function colorReader(probe: HTMLElement): (color: string) => string {
  const read = new Map<string, string>();
  // A color that is on its way is not the one that is meant.
  probe.style.transitionProperty = 'none';
  return (color) => {
    const known = read.get(color);
    if (known !== undefined) return known;
    probe.style.color = color;
    const found = getComputedStyle(probe).color || '#888';
    read.set(color, found);
    return found;
  };
}
