import { join } from 'node:path';

/**
 * An apt configuration that reads the system's sources and package states, and writes only below
 * `folder`. So any user can run it, without locks and without a trace in the system.
 */
export function aptConfig(folder: string): string {
  const settings: Record<string, string> = {
    'Dir::State': join(folder, 'state'),
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::State::extended_states': join(folder, 'extended_states'),
    // What the system has need not be fetched, and what it has fits together with what we fetch.
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Cache::archives': join(folder, 'archives'),
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
    'Dir::Log': join(folder, 'log'),
    'Debug::NoLocking': 'true',
    // As root, apt would fetch as its own user, who cannot write below our folder.
    'APT::Sandbox::User': '',
    'APT::Keep-Downloaded-Packages': 'true',
    'APT::Install-Recommends': 'false',
    'Acquire::Languages': 'none',
    // A source that cannot be reached must not hold us up for minutes.
    'Acquire::http::Timeout': '15',
    'Acquire::https::Timeout': '15',
    'Acquire::Retries': '1',
  };
  // The system's hooks would tidy up after us: in the system, and with rights we may not have.
  const cleared = [
    'APT::Update::Pre-Invoke',
    'APT::Update::Post-Invoke',
    'APT::Update::Post-Invoke-Success',
    // Descriptions for software centres, some ten megabytes.
    'Acquire::IndexTargets::deb::DEP-11',
    'Acquire::IndexTargets::deb::DEP-11-icons',
    'Acquire::IndexTargets::deb::DEP-11-icons-small',
    'Acquire::IndexTargets::deb::DEP-11-icons-large',
    'Acquire::IndexTargets::deb::DEP-11-icons-hidpi',
    'Acquire::IndexTargets::deb::DEP-11-icons-large-hidpi',
  ];
  return [
    ...Object.entries(settings).map(([key, value]) => `${key} "${value}";`),
    ...cleared.map((key) => `#clear ${key};`),
    '',
  ].join('\n');
}
