// A browser and system in two words, from the user agent; enough to know one's own devices.

const browsers: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const systems: [RegExp, string][] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

export function device_name(user_agent: string): string {
  const of = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(user_agent))?.[1];
  const found = [of(browsers), of(systems)].filter(Boolean);
  return found.length > 0 ? found.join(' · ') : user_agent.slice(0, 60);
}
