/** A path template that fits a path, with the texts that stand for its parameters, as they were sent. */
export interface Match {
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Parameters that GitHub takes with slashes in them, escaped or not. */
const mayHoldSlashes = new Set(['ref', 'path', 'basehead', 'branch']);

/** Finds the template for a path; where several fit, the one with the most literal segments. */
export function createRoutes(templates: readonly string[]): (path: string) => Match | null {
  const routes = templates
    .map((template) => ({ template, pattern: patternOf(template), literals: literalsOf(template) }))
    .sort((one, other) => other.literals - one.literals);
  return (path) => {
    for (const { template, pattern } of routes) {
      const found = pattern.exec(path);
      if (found !== null) return { template, parameters: found.groups ?? {} };
    }
    return null;
  };
}

function patternOf(template: string): RegExp {
  const segments = template.split('/').map((segment) => {
    const name = parameterOf(segment);
    if (name === null) return segment.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return `(?<${name}>${textOf(name)})`;
  });
  return new RegExp(`^${segments.join('/')}$`);
}

/** The root of a repository's contents has an empty path. */
function textOf(name: string): string {
  if (!mayHoldSlashes.has(name)) return '[^/]+';
  return name === 'path' ? '.*' : '.+';
}

function literalsOf(template: string): number {
  return template.split('/').filter((segment) => parameterOf(segment) === null).length;
}

function parameterOf(segment: string): string | null {
  return /^\{(\w+)\}$/.exec(segment)?.[1] ?? null;
}
