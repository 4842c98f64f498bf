interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const packages: Readonly<Record<string, LockedPackage>> = require('../package-lock.json').packages;

describe('the lock file', () => {
  // npm drops packages of other platforms when it cannot fetch them, and `npm ci` then refuses the lock file
  test('names the packages of every platform, so that npm ci takes it anywhere', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !placesOf(path, name).some((place) => packages[place]))
        .map((name) => `${path} wants ${name}`),
    );

    expect(missing).toEqual([]);
  });

  test('names no registry', () => {
    expect(JSON.stringify(packages)).not.toContain('"resolved"');
  });
});

/** Where Node would look for a package that the one at `path` names. */
function placesOf(path: string, name: string): string[] {
  const folders = path.split(/(?=\/?node_modules\/)/);
  return [...folders.keys(), folders.length].map((depth) => {
    const folder = folders.slice(0, depth).join('');
    return `${folder}${folder ? '/' : ''}node_modules/${name}`;
  });
}
