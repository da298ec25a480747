import { MODEL_VARIABLES } from './config-models.js';

export interface Variable {
  readonly name: string;
  /** As it would be written in the environment; empty: not set. */
  readonly fallback: string;
  readonly about: string;
}

/** Every variable that is read, in the order of .env.example. */
export const VARIABLES = [
  {
    name: 'GITOPS_REPOSITORIES',
    fallback: '',
    about:
      'GitOps repositories to follow: paths or URLs, separated by commas. Empty: the working folder, or only GITHUB_REPOSITORY where that is set.',
  },
  { name: 'GITOPS_BRANCH', fallback: '', about: 'Protected branch. Empty: what HEAD points to.' },
  {
    name: 'COMMANDER_DATA_DIR',
    fallback: '.commander',
    about: 'Where the controller keeps its database, mirrors, artifacts and token.',
  },
  {
    name: 'DATABASE_URL',
    fallback: '',
    about: 'postgres://… Empty: a PostgreSQL of its own under COMMANDER_DATA_DIR.',
  },
  {
    name: 'COMMANDER_RELEASES_DIR',
    fallback: '',
    about:
      'Where releases live: artifacts, processes, gateways. Empty: COMMANDER_DATA_DIR; with DATABASE_URL a folder in HOME named after the database, so that the controllers of one database and machine share it.',
  },
  {
    name: 'COMMANDER_HOST',
    fallback: '127.0.0.1',
    about: 'Address that the API, the health checks and the metrics listen on.',
  },
  { name: 'COMMANDER_PORT', fallback: '7433', about: 'Their port. 0: any free one (the commands find it).' },
  { name: 'LOG_LEVEL', fallback: 'info', about: 'trace, debug, info, warn, error, fatal or silent.' },
  { name: 'LOG_FORMAT', fallback: 'auto', about: 'json, pretty, or auto: pretty on a terminal.' },
  {
    name: 'POLL_INTERVAL',
    fallback: '10s',
    about: 'How often repositories are looked at even when nothing seems to happen.',
  },
  { name: 'WORKER_CONCURRENCY', fallback: '8', about: 'Jobs that run at the same time.' },
  {
    name: 'SHUTDOWN_GRACE',
    fallback: '5s',
    about: 'How long running jobs may finish when the controller stops; they are taken up again.',
  },
  {
    name: 'SCRIPTS_DIR',
    fallback: '',
    about: 'Folder of the scripts that plans may run. Empty: infra/scripts of the program.',
  },
  { name: 'WATCH_INTERVAL', fallback: '1s', about: 'Time between two looks at a release under watch.' },
  {
    name: 'WATCH_TIME',
    fallback: '5m',
    about: 'How long a release is watched where neither plan nor catalog say.',
  },
  {
    name: 'ERROR_RATE_THRESHOLD',
    fallback: '5%',
    about: 'Share of failed requests that is too much, where neither plan nor catalog say.',
  },
  {
    name: 'LATENCY_P95_THRESHOLD',
    fallback: '',
    about: 'p95 latency that is too much, e.g. 500ms. Empty: not guarded.',
  },
  {
    name: 'LOG_ERRORS_THRESHOLD',
    fallback: '',
    about: 'Error lines a minute that are too many. Empty: not guarded.',
  },
  {
    name: 'HEALTH_FAILURES_THRESHOLD',
    fallback: '3',
    about: 'Failed health probes in a row that are too many.',
  },
  {
    name: 'MINIMUM_SAMPLES',
    fallback: '20',
    about: 'Requests that a watch must have seen to call a release healthy.',
  },
  {
    name: 'FALSE_ALARM_DAYS',
    fallback: '30',
    about: 'Mean time between false alarms of one guard on a release as good as the one before.',
  },
  {
    name: 'GITHUB_REPOSITORY',
    fallback: '',
    about: 'owner/name of a GitOps repository on GitHub; several separated by commas. See docs/github.md.',
  },
  { name: 'GITHUB_TOKEN', fallback: '', about: 'Fine-grained token; a GitHub App is better (next lines).' },
  { name: 'GITHUB_APP_ID', fallback: '', about: 'Identity as a GitHub App: its id or client id.' },
  {
    name: 'GITHUB_APP_PRIVATE_KEY',
    fallback: '',
    about: 'Its private key: the PEM text (\\n for line ends will do) or the path of a file with it.',
  },
  {
    name: 'GITHUB_APP_INSTALLATION_ID',
    fallback: '',
    about: 'Its installation. Empty: the one of the repository.',
  },
  {
    name: 'GITHUB_WEBHOOK_SECRET',
    fallback: '',
    about: 'Secret of the webhook; without it POST /webhooks/github does not exist, and polling does it all.',
  },
  {
    name: 'GITHUB_API_URL',
    fallback: 'https://api.github.com',
    about: 'REST API; https://<host>/api/v3 on GitHub Enterprise Server.',
  },
  {
    name: 'GITHUB_CLONE_URL',
    fallback: '',
    about: 'Where the repository is cloned from. Empty: what GitHub names (clone_url).',
  },
  {
    name: 'GITHUB_INCIDENT_LABEL',
    fallback: '',
    about: 'Label of the issue that is opened for each rollback. Empty: no issues.',
  },
  {
    name: 'GITHUB_WRITES_PER_MINUTE',
    fallback: '60',
    about:
      'What is written to GitHub in the long run, so that its secondary limits are kept. Enterprise Server may have none.',
  },
  { name: 'GITHUB_TIMEOUT', fallback: '10s', about: 'How long one request to GitHub may take.' },
  {
    name: 'DOCKER_HOST',
    fallback: '',
    about: 'unix:///path of the Docker Engine. Empty: /var/run/docker.sock.',
  },
  {
    name: 'COMMANDER_GIT_NAME',
    fallback: 'AI DevOps Commander',
    about: 'Author of the commits that the controller writes.',
  },
  { name: 'COMMANDER_GIT_EMAIL', fallback: 'commander@localhost', about: 'Its e-mail address.' },
  {
    name: 'COMMANDER_NOTIFY_URL',
    fallback: '',
    about: 'Where the notify script posts to. Empty: it only prints.',
  },
  ...MODEL_VARIABLES,
] as const satisfies readonly Variable[];

export type VariableName = (typeof VARIABLES)[number]['name'];
