//! Every setting: key, default, meaning.

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The dotted key in `dolen.toml`; the environment's name is `DOLEN_` and the key in capitals with `_` for `.`.
    pub key: &'static str,
    /// The value when nothing sets it.
    pub default: &'static str,
    /// A secret: never shown, and read from a file when the environment names one with `_FILE`.
    pub secret: bool,
    /// What it means, with its unit.
    pub doc: &'static str,
}

const fn plain(key: &'static str, default: &'static str, doc: &'static str) -> Setting {
    Setting { key, default, secret: false, doc }
}

const fn secret(key: &'static str, doc: &'static str) -> Setting {
    Setting { key, default: "", secret: true, doc }
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    plain("server.bind", "127.0.0.1:8080", "Address and port of the API and the console."),
    plain("server.metrics_bind", "127.0.0.1:9464", "Address and port of /metrics; empty for none."),
    plain(
        "server.public_url",
        "http://127.0.0.1:8080",
        "The address people and systems use; links in e-mails begin with it.",
    ),
    plain(
        "server.trusted_proxies",
        "",
        "Networks (CIDR, comma-separated) of the proxies before the service: their X-Forwarded-For says who calls. Empty: nobody's does.",
    ),
    plain("server.workers", "2", "Threads that answer requests."),
    plain(
        "database.url",
        "sqlite:dolen.db",
        "sqlite:PATH or postgres://USER@HOST/DATABASE (put the password in PGPASSFILE or use database.password).",
    ),
    secret("database.password", "Password for PostgreSQL, added to the URL."),
    plain(
        "database.owner_url",
        "",
        "PostgreSQL: the address of the role that owns the tables, for `dolen migrate` alone; empty when the service owns them.",
    ),
    secret("database.owner_password", "Password of the owner, added to its URL."),
    plain(
        "database.service_role",
        "",
        "PostgreSQL: the role that `dolen migrate` lets use the tables; empty for the user in database.url.",
    ),
    plain(
        "database.allow_superuser",
        "false",
        "PostgreSQL: whether to serve as a superuser all the same. It could change the audit record; for trying out only.",
    ),
    plain("database.pool_size", "8", "Connections: for reads on SQLite, for everything on PostgreSQL."),
    secret(
        "keys.master",
        "Master key, 64 hexadecimal digits: seals children's keys. Keep a copy apart from the backups.",
    ),
    secret(
        "keys.ring",
        "Other master keys that rows may name, separated by white space: the next before it becomes keys.master, the last until no row names it.",
    ),
    secret("keys.signing", "Ed25519 seed, 64 hexadecimal digits: signs API clients' tokens."),
    secret(
        "keys.checkpoint",
        "Ed25519 seed, 64 hexadecimal digits: signs checkpoints of the audit record. Its public half goes to whoever verifies.",
    ),
    plain(
        "audit.checkpoint_dir",
        "",
        "Folder for signed checkpoints, out of reach of whoever can change the database; empty for none.",
    ),
    plain(
        "audit.checkpoint_minutes",
        "60",
        "A checkpoint is signed so often, and at shutdown, when there is something new.",
    ),
    plain(
        "authority.number",
        "",
        "The authority's three digits (676 for Caerphilly); schools' numbers begin with them.",
    ),
    plain("authority.name_cy", "Awdurdod Lleol", "The authority's name in Welsh."),
    plain("authority.name_en", "Local Authority", "The authority's name in English."),
    plain("mail.transport", "smtp", "smtp, capture (writes .eml files) or off (messages wait)."),
    plain("mail.host", "127.0.0.1", "SMTP relay."),
    plain("mail.port", "587", "SMTP port."),
    plain("mail.tls", "starttls", "starttls (required), tls (from the start), or none (loopback only)."),
    plain("mail.ca_file", "", "PEM file with the relay's own certificate authority; empty for the machine's."),
    plain("mail.username", "", "SMTP user; empty for none."),
    secret("mail.password", "SMTP password."),
    plain("mail.from", "dolen@la.example", "Sender address."),
    plain("mail.capture_dir", "mail", "Where captured messages go."),
    plain("mail.timeout_seconds", "20", "How long one delivery may take."),
    plain("auth.token_minutes", "10", "Life of an API client's token."),
    plain("auth.idle_minutes", "15", "A session unused for so long ends."),
    plain("auth.session_hours", "8", "A session ends after so long in any case."),
    plain("auth.lockout_failures", "5", "Failed sign-ins in a row before the account is locked."),
    plain("auth.lockout_minutes", "15", "How long it stays locked."),
    plain(
        "auth.second_factor_roles",
        "all",
        "Roles that must have a second factor: all, none, or their words separated by spaces.",
    ),
    plain("auth.attempts_per_minute", "30", "Sign-in and token requests per minute from one address."),
    plain(
        "auth.issuers",
        "",
        "OpenID Connect issuers people may sign in by: [[auth.issuers]] tables in the file, or the same as a JSON list; see docs/identity.md.",
    ),
    plain(
        "limits.body_bytes",
        "65536",
        "Largest JSON body; a form may be three times as long, for that is how it writes letters.",
    ),
    plain("limits.bulk_bytes", "10485760", "Largest bulk submission."),
    plain("limits.bulk_rows", "50000", "Rows in one bulk submission."),
    plain("limits.bulk_line_bytes", "16384", "Longest line of a bulk submission."),
    plain("limits.requests_per_minute", "3000", "Requests per minute from one caller."),
    plain("limits.document_bytes", "5000000", "Largest document kept with a case; never above 25000000."),
    plain("limits.documents_per_case", "50", "Documents kept with one case."),
    plain("limits.graphql_depth", "8", "Deepest GraphQL query."),
    plain("limits.graphql_complexity", "200", "Largest GraphQL query, lists counted by their page size."),
    plain("limits.graphql_aliases", "30", "Aliases in one GraphQL query."),
    plain("limits.graphql_tokens", "2000", "Tokens in one GraphQL query."),
    plain("limits.graphql_objects", "5000", "Objects one GraphQL query may resolve."),
    plain("survey.min_base", "30", "A figure is published only when so many answered; never below 30."),
    plain(
        "survey.dominance",
        "80",
        "A figure of several schools is published only when at most so many in a hundred of its answers are of one school; 50 to 95 (our own proposal).",
    ),
    plain("survey.exit_url", "https://www.bbc.co.uk/weather", "Where \"Exit this page\" of the pupils' survey leads."),
    plain(
        "survey.codes_per_minute",
        "120",
        "Pupils' codes typed per minute at one address: a hall of pupils types fewer, and guessing stays slow (our own proposal).",
    ),
    plain(
        "survey.remind_days_before",
        "7,2",
        "Days before a survey's last day on which schools that have neither signed off nor sent a nil return are reminded (our own proposal); empty for never.",
    ),
    plain(
        "survey.help_words",
        "",
        "Words and phrases beside the shipped ones, with commas between, that say somebody may be hurt: a pupil who writes one is told where help is, and the school's safeguarding person that somebody of the class wrote one. One after a - is taken out of the shipped list.",
    ),
    plain(
        "survey.text_days",
        "180",
        "So many days after a survey's last day, pupils' texts that nobody has decided on are deleted, and concerns that were taken up (our own proposal).",
    ),
    plain(
        "oversight.emergency_service",
        "eps",
        "Code of the service whose lead and officers may break the glass, and whose lead reviews it.",
    ),
    plain(
        "oversight.children_a_day",
        "20",
        "Opening more children's records than this in 24 hours is unusual (our own proposal).",
    ),
    plain(
        "oversight.children_a_week",
        "50",
        "Opening more children's records than this in 7 days is unusual (our own proposal).",
    ),
    plain(
        "oversight.times_usual",
        "3",
        "So many times a reader's own mean of four weeks is unusual (our own proposal).",
    ),
    plain(
        "oversight.from_hour",
        "7",
        "Working hours begin at this hour, UK time, Monday to Friday (our own proposal).",
    ),
    plain("oversight.until_hour", "19", "Working hours end before this hour (our own proposal)."),
    plain(
        "warrn.acknowledge_working_days",
        "1",
        "Days to acknowledge a record: school days for the school, working days for the psychologist. This and what follows is the product's own proposal; no statutory figure was found.",
    ),
    plain("warrn.acknowledge_before_return_days", "1", "School days before the return by which it is acknowledged."),
    plain("warrn.risk_assessment_days", "10", "School days from the receipt to the risk assessment."),
    plain(
        "warrn.risk_assessment_before_return_days",
        "0",
        "School days before the return by which the risk assessment is done; 0 for the day itself.",
    ),
    plain("warrn.return_meeting_days", "10", "School days from the receipt to the return meeting."),
    plain(
        "warrn.return_meeting_before_return_days",
        "0",
        "School days before the return by which the return meeting is done; 0 for the day itself.",
    ),
    plain("warrn.return_plan_days", "10", "School days from the receipt to the return plan."),
    plain(
        "warrn.return_plan_before_return_days",
        "0",
        "School days before the return by which the return plan is done; 0 for the day itself.",
    ),
    plain("warrn.find_return_date_days", "5", "School days to find out the return date when none was given."),
    plain("warrn.first_review_days", "14", "Days from the return to the first review, at most."),
    plain("warrn.review_weeks", "6", "Weeks between two reviews, at most."),
    plain("warrn.part_time_weeks", "6", "Weeks of a part-time timetable whose plan names no end."),
    plain("warrn.close_days", "5", "School days to close a record after its last review."),
    plain(
        "warrn.tell_again_days",
        "1",
        "Days after which a late step told once is told to the safeguarding leads; sooner, by the morning of the return.",
    ),
    plain(
        "warrn.tell_leads_again_days",
        "5",
        "School days after which the leads are told again of a step still not done, until it is; the product's own proposal.",
    ),
    plain(
        "warrn.cluster_weeks",
        "4",
        "Weeks within which records of two or more children of a school or cluster are told to the psychology service's lead.",
    ),
    plain(
        "warrn.read_after_closing_days",
        "90",
        "Days after its closing until a record is the school's alone to read; the product's own proposal.",
    ),
    plain(
        "warrn.stand_in_days",
        "5",
        "School days before the return from which a deputy is named beside recipients who are away; the product's own proposal.",
    ),
    plain("warrn.shortest_hours", "1", "No clock of a record gives less time than this, in hours."),
    plain(
        "provision.longest_timetable_weeks",
        "6",
        "Weeks a reduced timetable lasts at most, extensions with it; the product's own proposal.",
    ),
    plain(
        "warrn.headings",
        "",
        "Headings of a record's summary, in order, as code=Welsh|English separated by semicolons, each code of letters, digits, - and _; empty for the product's own proposal.",
    ),
    plain(
        "warrn.psychology_service",
        "eps",
        "Code of the service whose officer is the school's educational psychologist.",
    ),
    plain("calendar.division", "wales", "Whose bank holidays hold: wales or england (they are the same)."),
    plain("calendar.opens_hour", "9", "Hour of the UK clock at which a working day begins."),
    plain(
        "calendar.closes_hour",
        "16",
        "Hour of the UK clock from which an arrival counts from the next working or school day.",
    ),
    plain(
        "records.tombstone_file",
        "",
        "Where tombstones are kept outside the database; empty for DATABASE.tombstones beside SQLite's file. PostgreSQL needs one.",
    ),
    plain("records.dispose", "false", "Whether the worker disposes of what is due by itself, once an hour."),
    plain(
        "records.bundle_days",
        "90",
        "A subject-access bundle can be downloaded for so many days after its release, then it is emptied.",
    ),
    plain(
        "documents.scanner",
        "",
        "Virus scanner (clamd) every document is shown first: tcp:HOST:PORT or unix:/PATH; empty for none.",
    ),
    plain(
        "documents.scan_required",
        "false",
        "Whether a document is refused while the scanner can't be reached; if not, it is kept as not scanned.",
    ),
    plain("documents.scan_timeout_seconds", "20", "How long the scanner may take over one document."),
    plain("worker.embedded", "true", "Whether serve also runs the worker."),
    plain("worker.poll_seconds", "2", "How often the worker looks for messages to deliver."),
    plain("worker.lease_seconds", "120", "A message taken by a worker that died is free again after so long."),
    plain("worker.batch", "20", "Messages taken at a time."),
    plain("log.level", "info", "error, warn, info, debug or trace."),
];

/// The environment's name of a key.
#[must_use]
pub fn env_name(key: &str) -> String {
    format!("DOLEN_{}", key.replace('.', "_").to_ascii_uppercase())
}
