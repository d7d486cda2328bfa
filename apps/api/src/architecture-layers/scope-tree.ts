import type { Layer, LayerScope } from '@mallo/contracts';

/** A layer whose place is not known yet; `scopes` are the full names around it, the outermost first. */
export type Placed = Omit<Layer, 'scope' | 'share'> & { scopes: string[] };

/** Puts layers into their scopes, with the sums of each. */
export function inScopes(placed: Placed[]): { parameters: number; scopes: LayerScope[]; layers: Layer[] } {
  const parameters = placed.reduce((sum, layer) => sum + layer.parameters, 0);
  const scopes: LayerScope[] = [];
  const places = new Map<string, number>();
  const layers = placed.map(({ scopes: names, ...layer }) => {
    let [scope, outer]: [number | null, string] = [null, ''];
    const path: string[] = [];
    for (const name of names) {
      path.push(name);
      // A name may return elsewhere: what tells scopes apart is all that is around them.
      const key = path.join('\n');
      const place: number = places.get(key) ?? scopes.length;
      if (place === scopes.length) {
        places.set(key, place);
        scopes.push({ name: within(name, outer), parent: scope, parameters: 0, layers: 0 });
      }
      const sums = scopes[place] as LayerScope;
      sums.parameters += layer.parameters;
      sums.layers += 1;
      [scope, outer] = [place, name];
    }
    return { ...layer, scope, share: parameters > 0 ? layer.parameters / parameters : 0 };
  });
  return { parameters, scopes, layers };
}

/** `layer1.0` in `layer1` is `0`. */
function within(name: string, outer: string): string {
  return outer !== '' && name.startsWith(`${outer}.`) ? name.slice(outer.length + 1) : name;
}
