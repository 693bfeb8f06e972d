//! Every limit has a name, and the name is here.

/// Bytes of one record's state as JSON.
pub const RECORD_STATE_BYTES: usize = 64 * 1024;
/// Characters of one free-text field.
pub const TEXT_CHARS: usize = 2_000;
/// Characters of a name, a title, a place.
pub const NAME_CHARS: usize = 100;
/// Photos attached to one act.
pub const PHOTOS_PER_ACT: usize = 9;
/// Photos of one form: an act done on the spot has those before and those after.
pub const PHOTOS_PER_FORM: usize = 2 * PHOTOS_PER_ACT;
/// Progress notes on one hazard: more than one for each school day of a term. Its record is read whole.
pub const NOTES_PER_HAZARD: u32 = 150;
/// Bytes of one uploaded photo.
pub const PHOTO_BYTES: usize = 12 * 1024 * 1024;
/// Milliseconds for which a photo is kept that came with a form which was never sent in: 100 days, longer than any
/// session, so that no form that is still open can name one that is cleared away.
pub const PHOTO_GRACE_MS: i64 = 100 * 24 * 3_600_000;
/// Photos of a unit's hazards, the newest first, with which the photos of a fix are compared: some years of a school.
pub const PHOTOS_COMPARED: usize = 2_000;
/// Photos stored before their look was kept that are looked at in one commit.
pub const PHOTOS_LOOKED_AT_ONCE: usize = 200;
/// And in one round of the sweep.
pub const PHOTOS_LOOKED_A_ROUND: usize = 20_000;
/// Photos cleared away in one commit.
pub const PHOTOS_CLEARED_AT_ONCE: usize = 500;
/// Bytes of one form post: nine photos and some text.
pub const FORM_BYTES: usize = 40 * 1024 * 1024;
/// Bytes of a form that somebody may send who has not signed in: a few words and no file.
pub const PUBLIC_FORM_BYTES: usize = 64 * 1024;
/// Pixels (width x height) an image may claim before it is decoded.
pub const IMAGE_PIXELS: u64 = 40_000_000;
/// Units of work waiting for the writer before it answers "busy".
pub const WRITER_QUEUE: usize = 4_096;
/// Units of work in one transaction.
pub const WRITER_BATCH: usize = 256;
/// Commands in one unit of work: as many as a file may need that is imported all at once.
pub const COMMANDS_PER_UNIT_OF_WORK: usize = INTAKE_COMMANDS_AT_ONCE;
/// Reactions that follow from reactions of one event.
pub const REACTION_DEPTH: usize = 3;
/// Milliseconds the bulk lane may hold the writer at a time.
pub const BULK_SLICE_MS: u64 = 20;
/// Listings of major hazards on their page; a county has some dozens in a year.
pub const LISTINGS: usize = 200;
/// Letters to other departments on their page, and of them on the list of what is due.
pub const LETTERS: usize = 200;
/// Photos of one answer that comes by the link of a letter.
pub const LETTER_PHOTOS: usize = 4;
/// Bytes of a form that comes by the link of a letter, from somebody without an account: some words and as many photos
/// as a telephone takes, with room for what surrounds them.
pub const LETTER_FORM_BYTES: usize = 24 * 1024 * 1024;
/// Random letters of a place's code, 45 bits; one more is a check. It is printed and no secret: it only must not be
/// guessed by chance, nor given twice.
pub const PLACE_CODE_RANDOM: usize = 9;
/// Places of one unit that are in use.
pub const PLACES_PER_UNIT: usize = 200;
/// Places added by one form.
pub const PLACES_AT_ONCE: usize = 60;
/// Places on their page, and labels on one print.
pub const PLACES: usize = 500;
/// Random letters of the ticket of a public report, 75 bits; one more is a check.
pub const REPORT_TICKET_RANDOM: usize = 15;
/// Photos of one public report.
pub const REPORT_PHOTOS: usize = 3;
/// Bytes of the form of a public report, from somebody without an account.
pub const REPORT_FORM_BYTES: usize = 24 * 1024 * 1024;
/// Public reports of one place in a day: a fair with a hundred parents reports one thing a few times, a prank for ever.
pub const REPORTS_PER_PLACE_A_DAY: usize = 20;
/// Public reports at once from one address, behind which a whole school may sit; after that one every
/// [`REPORT_ADDRESS_REFILL_MS`].
pub const REPORTS_PER_ADDRESS: u32 = 10;
/// Milliseconds after which an address may send one more public report.
pub const REPORT_ADDRESS_REFILL_MS: i64 = 10 * 60_000;
/// Public reports of the whole platform in an hour.
pub const REPORTS_AN_HOUR: u32 = 600;
/// Milliseconds for which a form of a public report can be sent after it was opened.
pub const REPORT_FORM_MS: i64 = 24 * 3_600_000;
/// Public reports on their page, and of them on the list of what is due.
pub const REPORTS: usize = 200;
/// Rows of one list page.
pub const PAGE_ROWS: usize = 50;
/// Counts are exact up to here, then shown as "10,000+".
pub const COUNT_EXACT: i64 = 10_000;
/// Units a scope may list one by one in a query; a wider one is matched as a set.
pub const SCOPE_UNITS_LISTED: usize = 64;
/// Rows an export writes while the asker waits; more runs in the background.
pub const EXPORT_ROWS_INLINE: u64 = 50_000;
/// Hazards of one form of 批量办理.
pub const BATCH_ACTS: usize = 100;
/// Items of 待办事项 that its page, its counts and its reminders look at; the list as a file has up to
/// [`EXPORT_ROWS_INLINE`].
pub const DUE_ITEMS: usize = 2_000;
/// Milliseconds until a connection out of the platform must stand.
pub const OUTBOUND_CONNECT_MS: u64 = 5_000;
/// Milliseconds until an answer to a call out of the platform must be read.
pub const OUTBOUND_TOTAL_MS: u64 = 10_000;
/// Bytes of an answer that are read; a robot answers with fewer than a hundred.
pub const OUTBOUND_ANSWER_BYTES: usize = 64 * 1024;
/// Milliseconds to wait after each try in vain: 1, 5, 15 minutes, 1 and 4 hours; then it is given up.
pub const OUTBOUND_RETRY_MS: [i64; 5] = [60_000, 300_000, 900_000, 3_600_000, 14_400_000];
/// Milliseconds after which something that happened is no news any more: it is recorded, and not sent.
pub const TIDING_MAX_AGE_MS: i64 = 24 * 3_600_000;
/// Lines of one message to a group or a mailbox; the rest is counted.
pub const MESSAGE_LINES: usize = 8;
/// Bytes of a message to a robot: WeCom takes 2,048.
pub const ROBOT_TEXT_BYTES: usize = 2_000;
/// Tidings gathered into one message, whether shown or counted.
pub const MESSAGE_TIDINGS: usize = 200;
/// Milliseconds between two messages of one channel: robots take 20 a minute.
pub const CHANNEL_GAP_MS: i64 = 10_000;
/// Channels to which messages go in one round.
pub const CHANNELS_PER_ROUND: usize = 16;
/// Events looked at in one round for what they tell.
pub const TIDING_EVENTS: usize = 200;
/// Hours for which the daily message may come late; after that there is none that day.
pub const DAILY_LATE_HOURS: i8 = 4;
/// Channels of one unit.
pub const CHANNELS_PER_UNIT: usize = 10;
/// Mailboxes of one channel.
pub const MAILBOXES_PER_CHANNEL: usize = 10;
/// Characters of a robot's address or of its signing secret.
pub const CHANNEL_ADDRESS_CHARS: usize = 500;
/// Days ahead that count as "due soon" in the daily message.
pub const DUE_SOON_DAYS: i64 = 3;
/// Milliseconds for which a tiding that is done is kept, so that it cannot be made twice.
pub const TIDING_KEPT_MS: i64 = 30 * 24 * 3_600_000;
/// Milliseconds for which records of what was sent are kept: two years.
pub const SENT_KEPT_MS: i64 = 730 * 24 * 3_600_000;
/// Connections at the same time, unless the settings say otherwise.
pub const CONNECTIONS: usize = 800;
/// Seconds in which the head of a request has to arrive; a connection that lies idle for so long is closed.
pub const HEAD_SECONDS: u64 = 75;
/// Seconds that may pass between two pieces of a form.
pub const BODY_PAUSE_SECONDS: u64 = 30;
/// Seconds in which a whole form has to arrive: [`FORM_BYTES`] at 25 kB a second.
pub const BODY_SECONDS: u64 = 30 * 60;
/// Seconds after which a client that takes nothing of an answer is given up.
pub const STALLED_SECONDS: u64 = 60;
/// Seconds that requests at hand have when the platform is told to stop.
pub const LAST_REQUESTS_SECONDS: u64 = 10;
/// Passwords checked at the same time.
pub const PASSWORDS_AT_ONCE: usize = 2;
/// Bytes of an uploaded table.
pub const INTAKE_TABLE_BYTES: usize = 20 * 1024 * 1024;
/// Rows of an imported table.
pub const INTAKE_ROWS: usize = 20_000;
/// Bytes of the photos, packed or not, in one upload beside a table; more come in further uploads.
pub const INTAKE_PHOTOS_BYTES: usize = 36 * 1024 * 1024;
/// Photos in one such upload.
pub const INTAKE_PHOTOS_AT_ONCE: usize = 400;
/// Photos waiting for one imported table.
pub const INTAKE_PHOTOS: usize = 5_000;
/// Bytes that a zip of photos may unpack to.
pub const INTAKE_PHOTOS_UNPACKED: u64 = 400 * 1024 * 1024;
/// Commands of an imported file that are written in one commit, all or nothing. A commit is never interrupted and
/// everybody who saves something waits for it, so it is as large as the register of a county needs (600 schools with
/// head and safety officer) and no larger. What a command takes on the bench makes that a fraction of a second on
/// SQLite and about a second on PostgreSQL. A larger file is written in parts of so many.
pub const INTAKE_COMMANDS_AT_ONCE: usize = 2_000;
/// Different words of a ledger that one page asks the meaning of.
pub const INTAKE_WORDS: usize = 60;
/// Views of a list that one account may save.
pub const SAVED_VIEWS: usize = 12;
/// Characters of a saved view's name.
pub const SAVED_VIEW_NAME_CHARS: usize = 20;
/// Rows an export reads in one visit: between two others may read, and stopping takes no longer than this.
pub const EXPORT_PAGE_ROWS: usize = 2_000;
/// Rows after which a background export writes down how far it has come.
pub const EXPORT_PROGRESS_ROWS: u64 = 10_000;
/// Rows of a workbook; a sheet ends soon after.
pub const EXPORT_XLSX_ROWS: u64 = 1_000_000;
/// Background exports of one account, waiting or finished.
pub const EXPORT_JOBS: usize = 10;
/// Times a background export is begun; one that twice outlived its process is given up.
pub const EXPORT_TRIES: u32 = 2;
/// Milliseconds for which the file of a background export is kept: 7 days.
pub const EXPORT_KEPT_MS: i64 = 7 * 24 * 3_600_000;
/// Characters of a filter that is kept.
pub const KEPT_FILTER_CHARS: usize = 2_000;
/// Milliseconds by which a clock may stand before what was recorded last when a platform is started.
pub const CLOCK_BACK_MS: i64 = 10 * 60_000;
/// Milliseconds since what was recorded last after which a platform asks whether the clock is right: a summer and a
/// month.
pub const CLOCK_AHEAD_MS: i64 = 90 * 24 * 3_600_000;
/// Milliseconds by which a clock may jump ahead while the platform runs before deadlines wait for somebody to look.
pub const CLOCK_JUMP_MS: i64 = 24 * 3_600_000;
/// Seconds that setting one official paper may take, and for which one waits for its turn.
pub const TYPESET_SECONDS: u64 = 20;
/// Official papers that are set at the same time: each takes a core and some hundred megabytes while it is set.
pub const TYPESET_AT_ONCE: usize = 2;
/// Bytes of a set paper; one with fonts embedded has some hundred thousand.
pub const TYPESET_BYTES: usize = 16 * 1024 * 1024;
