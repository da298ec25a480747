const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const DAY = 'sunday|monday|tuesday|wednesday|thursday|friday|saturday';

/**
 * Marks times of day (minutes after midnight), days of the week (digits, Sunday is 0) and time zones:
 * `{t=960}`, `{D=5}`, `{z=Europe/Berlin}`.
 */
export function markTimes(text: string): string {
  return joinDays(markDays(markClock(markZones(text))));
}

/** "London time": a city that has a zone of its own. */
function markCities(text: string): string {
  return text.replace(/\b((?:\p{Lu}\p{L}+[ -]){1,3})(?:local )?time\b/gu, (all, name: string) => {
    const words = name.trim().split(/[ -]/);
    for (let from = 0; from < words.length; from += 1) {
      const zone = CITIES.get(words.slice(from).join('_').toLowerCase());
      if (zone !== undefined) return `${words.slice(0, from).join(' ')} {z=${zone}}`;
    }
    return all;
  });
}

const CITIES: ReadonlyMap<string, string> = new Map(
  Intl.supportedValuesOf('timeZone').flatMap((zone) => {
    const city = zone.split('/').at(-1) ?? zone;
    return zone.includes('/') ? [[city.toLowerCase(), zone] as const] : [];
  }),
);

function markZones(text: string): string {
  return markCities(text).replace(
    /(?<!\{z=)\b(?:in )?(UTC|GMT|CET|[A-Z][A-Za-z]+\/[A-Z][A-Za-z]+(?:[_/][A-Z][A-Za-z]+)?)\b(?: time(?:zone)?)?/g,
    (all, zone: string) => (isZone(zone) ? `{z=${zone}}` : all),
  );
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function markClock(text: string): string {
  const clock = (hour: string, minute: string, half: string | undefined, all: string) => {
    const pm = half?.toLowerCase().startsWith('p') === true;
    const am = half?.toLowerCase().startsWith('a') === true;
    const hours = Number(hour);
    if (hours > 24 || Number(minute) > 59 || ((am || pm) && (hours > 12 || hours === 0))) return all;
    return `{t=${((am || pm ? hours % 12 : hours) + (pm ? 12 : 0)) * 60 + Number(minute)}}`;
  };
  return text
    .replace(
      /(?<![\d.:])(\d{1,2})[:h](\d\d)(?: ?(am\b|pm\b|[ap]\.m\b\.?))?(?: ?(?:o'clock|hours|hrs|uhr)\b)?(?![\d:m])/gi,
      (all, hour, minute, half) => clock(hour, minute, half, all),
    )
    .replace(
      /(?<=\b(?:after|before|until|till|from|to|at|and|between) )(\d{1,2})\.([0-5]\d)(?: ?(am\b|pm\b|[ap]\.m\b\.?))?(?! ?(?:%|per|m?s\b|sec|min|hour|\d))/gi,
      (all, hour, minute, half) => clock(hour, minute, half, all),
    )
    .replace(/(?<![\d.:])(\d{1,2}) ?(?:(am\b|pm\b|[ap]\.m\b\.?)|o'clock\b|uhr\b)/gi, (all, hour, half) =>
      clock(hour, '0', half, all),
    )
    .replace(/\b(?:noon|midday)\b/gi, '{t=720}')
    .replace(/\bmidnight\b/gi, '{t=1440}');
}

function markDays(text: string): string {
  const short = 'Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun';
  return text
    .replace(/\bweek-?ends?\b/gi, '{D=60}')
    .replace(/\b(?:weekdays?|(?:working|business|work) ?days?|workdays?)\b/gi, '{D=12345}')
    .replace(/\b(?:every|each|any) (?:day|night)\b|\bdaily\b/gi, '{D=0123456}')
    .replace(
      new RegExp(`\\b(${DAY})s?\\b`, 'gi'),
      (_all, day: string) => `{D=${DAYS.indexOf(day.slice(0, 3).toLowerCase())}}`,
    )
    .replace(
      new RegExp(`\\b(${short})\\b`, 'g'),
      (_all, day: string) => `{D=${DAYS.indexOf(day.slice(0, 3).toLowerCase())}}`,
    );
}

/** "Monday to Thursday", "Saturdays and Sundays" become one set, unless a time belongs to one of them. */
function joinDays(text: string): string {
  let joined = text.replace(
    /(?:\b(?:from|between) )?\{D=(\d)\} ?(?:to|through|until|till|thru|-) ?\{D=(\d)\}(?! (?:at )?\{t)/gi,
    (_all, from, to) => range(Number(from), Number(to)),
  );
  joined = joined.replace(/\bbetween \{D=(\d)\} and \{D=(\d)\}(?! (?:at )?\{t)/gi, (_all, from, to) =>
    range(Number(from), Number(to)),
  );
  const list =
    /(?<!\b(?:between|from) (?:\{D=\d+\} ?[,]? ?)?)\{D=(\d+)\}(?:, (?:and |or |nor )?| (?:and|or|nor|&) )(?:on |at |the )?\{D=(\d+)\}/i;
  for (let times = 0; times < 6 && list.test(joined); times += 1)
    joined = joined.replace(
      list,
      (_all, first, second) => `{D=${[...new Set(`${first}${second}`)].join('')}}`,
    );
  return joined;
}

function range(from: number, to: number): string {
  let days = String(from);
  for (let day = from; day !== to; ) {
    day = (day + 1) % 7;
    days += day;
  }
  return `{D=${days}}`;
}
