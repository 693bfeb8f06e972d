# Names
hazard = hazard
hazards = Hazards
hazard-number = Ledger number
hazard-ledger = Hazard ledger
hazard-level-general = General
hazard-level-larger = Larger
hazard-level-major = Major
hazard-level-none = Not graded
hazard-stage-registered = To be graded
hazard-stage-graded = To be assigned
hazard-stage-assigned = To be taken on
hazard-stage-rectifying = Being fixed
hazard-stage-extension_asked = Extension asked
hazard-stage-awaiting_acceptance = Awaiting acceptance
hazard-stage-accepted = To be closed
hazard-stage-closed = Closed
hazard-stage-done = Done
hazard-stage-withdrawn = Withdrawn
hazard-stage-carried_over = Closed in the ledger
hazard-stage-open = Open
hazard-stage-overdue = Overdue
hazard-stage-ended = Closed and done
hazard-stage-all = Any state
hazard-act-grade = grade
hazard-act-assign = assign
hazard-act-take-on = take on with a plan
hazard-act-rectify = report the fix
hazard-act-answer-extension = decide the extension
hazard-act-accept = check and accept
hazard-act-close = close
hazard-act-revisit = revisit
hazard-act-answer-help = answer the request
hazard-act-talk = interview
hazard-act-raise = supervise from the tier above
hazard-act-answer-climb = record the interview or supervision
hazard-act-progress = add progress
hazard-act-ask-extension = ask for more time
hazard-act-ask-help = ask the county for help
hazard-act-withdraw = withdraw
hazard-act-correct = correct the entry
hazard-act-return = send back
hazard-climb-remind = reminder
hazard-climb-talk = formal talk
hazard-climb-raise = supervision by the tier above
hazard-clock-grade = Grading
hazard-clock-assign = Assigning
hazard-clock-take-on = Taking on
hazard-clock-rectify = Fixing
hazard-clock-accept = Acceptance
hazard-clock-close = Closing
hazard-clock-revisit = Revisit

# List
list-title = Hazards
list-register = Register a hazard
list-stage = State
list-level = Level
list-category = Category
list-source = Source
list-from = Registered from
list-to = Registered until
list-query = Number, words, place or school
list-town = Township
list-town-hint = Choose a township to choose among its schools, or type a school’s name above
list-any-town = Any township
list-school = School and those below it
list-any-school = Any school
list-sort = Order
list-sort-newest = Newest first
list-sort-due = Earliest deadline first
list-any-level = Any level
list-any-category = Any category
list-any-source = Any source
list-count = { $count } { $count ->
    [one] hazard
   *[other] hazards
}
list-count-many = More than 10,000
list-column-level = Level
list-column-what = Hazard
list-column-where = Where
list-column-turn = Whose turn
list-column-clock = Deadline
list-chip-query = containing “{ $query }”
list-chip-from = from { $date }
list-chip-to = until { $date }
list-chip-remove = Remove condition: { $what }
list-empty = No hazards match.
list-empty-all = The hazards of your unit will be listed here. None has been registered yet.
list-view-open = Open
list-view-overdue = Overdue
list-view-major = Major
list-view-ended = Closed
list-next = Next page
list-export-csv = Export CSV
list-export-xlsx = Export Excel

# Work today
today-title = Work today
today-empty = Nothing waits for you right now.
today-count = { $count } to do, { $late } of them overdue
today-count-fine = { $count } to do, all within their deadlines
today-reminder = Reminder text
today-reminder-hint = Copy it into the work group
today-reminder-head = [School safety: to do] { $unit }, as of { $time }:
today-reminder-line = { $number }. { $where }: “{ $what }” — { $act }, { $clock }.
today-reminder-tail = Please sign in to the platform.
today-recent = Registered lately

# Register
register-title = Register a hazard
register-pick = What kind of hazard?
register-pick-hint = Take the nearest; it can be corrected later
register-where = At which school
register-place = Exact place
register-place-hint = For example: east corridor, second floor
register-place-recent = Places used before
register-phrase = What is wrong
register-phrase-other = Something else, described below
register-description = Description
register-description-hint = Not needed with a photo
register-photos = Photos of it
register-photos-hint = Show the place and the fault, not pupils' faces
register-source = How it was found
register-found = Found on
register-position = Record where I am
register-spot = Already fixed on the spot
register-spot-hint = Small things dealt with at once: add a photo of the result; somebody else checks it
register-after = Photos after fixing
register-fix = How it was fixed
register-fix-hint = May be left empty; the category's words are used
register-submit = Register
register-done = Registered as { $number }. The school's safety officer grades it next.
register-done-spot = Registered as { $number }; the fix waits for somebody else's check.
register-change-category = Another category
restricted-title = This is not registered here
restricted-nothing = You have not submitted anything and the platform has stored nothing.
restricted-kept = What you wrote is sealed and goes to { $reader } alone. Nobody else sees it, and it stands in no list, search, count or export. Whoever follows in that office reads it then; if nobody does, the reader named by the county. If you only meant rules or facilities, put it differently and register it again.
restricted-write = Write to the named reader
restricted-write-told = Once you have called, you can write to { $reader }. Your words are sealed for that one reader and stand in no list.
restricted-write-told-many = Once you have called, you can write to the reader the school has named; where it has named nobody, the county's reader reads it. Your words are sealed and stand in no list.
restricted-write-what = What happened
restricted-write-hint = When, where, who was involved, how you know.
restricted-write-send = Seal and hand over
restricted-call = Please call at once

# Record
record-title = Hazard { $number }
record-facts = Facts
record-unit = School
record-place = Place
record-category = Category
record-level = Level
record-stage = State
record-source = Source
record-found = Found
record-registered = Registered
record-description = Description
record-photos = Photos
record-photo-before = Photo before
record-photo-after = Photo after
record-position = Position
record-plan = Plan (five fixed)
record-turn-yours = Your turn: { $act }
record-turn-wait = Waiting for { $unit } to { $act }.
record-turn-person = Waiting for { $person } to { $act }.
record-turn-none = This hazard is done.
record-turn-withdrawn = This hazard was withdrawn.
record-timeline = What happened
record-more = Other acts
record-print = Print
record-rule = { $rule }
record-rule-person = set by the plan
record-rule-fallback = the year's holidays are not loaded; Monday to Friday count as working days
record-climbed = Escalated to: { $step }
record-help-asked = The county was asked for help; no answer yet
record-help-supported = The county helps
record-returns = Sent back { $count } { $count ->
    [one] time
   *[other] times
}
record-extensions = Extended { $count } { $count ->
    [one] time
   *[other] times
}
record-erased = (text lawfully erased)
record-overdue = Overdue
record-version = Version

# Five fixed
plan-responsible = Responsible person
plan-responsibility = Responsibility
plan-responsibility-hint = Who leads, who does the work
plan-funds = Funds
plan-funds-hint = Where the money comes from; if none is needed, why
plan-funds-cents = Amount
plan-yuan = yuan
plan-measures = Measures
plan-measures-hint = How it is fixed, step by step
plan-due = Deadline
plan-due-hint = { $date } at the latest ({ $rule })
plan-due-hint-open = Set by the plan
plan-contingency = Contingency plan
plan-contingency-hint = How people are protected meanwhile, and what if something happens
plan-submit = Take on and submit the plan

# Forms of the acts
form-level = Level
form-level-hint-general = Limited harm; the school can fix it soon
form-level-hint-major = Grave or hard to fix; the county supervises it
form-guide = Major-hazard guide (check each item)
form-guide-hint = Tick whatever is the case; any tick makes it major
form-guide-not-loaded = The guide's items for this area are not loaded. Consult the document; this does not mean “not major”.
form-guide-unsettled = The loaded items are not complete; consult the document for the rest.
form-reason = Reason
form-grade = Confirm the level
form-responsible = Who fixes it
form-assign = Assign
form-note = Note
form-note-optional = Note
form-photos = Photos
form-rectified = What was done
form-rectified-photos = Photos after fixing
form-spent = Money spent
form-rectify = Report the fix
form-until = More time until
form-until-hint = Deadline now { $date }
form-why = Why
form-ask-extension = Ask for more time
form-extension-wants = Asks for time until { $date }
form-grant = Grant
form-refuse = Refuse
form-on-site = I have looked at it on the spot
form-on-site-hint = Major hazards must be checked on the spot
form-accept = Accept
form-accept-close = Accept and close
form-return = Send back
form-return-why = Remarks (needed when sending back)
form-return-due = New deadline
form-return-due-hint = Empty keeps the old one; if that has passed, the rule's span counts from today
form-close = Close
form-revisit-sound = The fix holds
form-revisit-back = The fault is back
form-revisit = Result of the revisit
form-revisit-submit = Submit the result
form-withdraw-why = Reason
form-withdraw-mistaken = Entered by mistake
form-withdraw-duplicate = The same as another
form-withdraw = Withdraw
form-withdraw-consequence = This cannot be undone; the record stays.
form-ask-help = Send the request
form-help-why = Why the school cannot do it
form-help-support = Agreed: the county helps
form-help-return = Returned: the school can do it
form-answer-help = Send the answer
form-answer-climb = Send the record
form-answer-climb-note = What was said, and by when it will be done
form-answer-climb-hint = It becomes part of this hazard’s history; the school and those above it can read it.
form-progress = Add progress
form-correct = Save the correction
act-done = Done: { $act }.
act-stale = Somebody has just acted on this hazard. Look at what is true now, then act again. What you typed is still below.

# Timeline
line-registered = { $who } registered the hazard
line-registered-source = { $who } registered the hazard (source: { $source })
line-fixed-on-spot = { $who } fixed it on the spot; it awaits acceptance
line-graded = { $who } graded it: { $level }
line-graded-forced = { $who } graded it: the guide makes it major
line-assigned = { $who } assigned it to { $person }
line-taken-on = { $who } took it on with all five fixed, due { $date }
line-progressed = { $who } added progress
line-rectified = { $who } reported the fix
line-rectified-late = { $who } reported the fix after the deadline
line-extension-asked = { $who } asked for time until { $date }
line-extension-granted = { $who } granted time until { $date }
line-extension-refused = { $who } refused more time
line-accepted = { $who } accepted the fix
line-accepted-on-site = { $who } checked it on the spot and accepted
line-returned = { $who } sent it back, due { $date }
line-closed = { $who } closed it after { $days } { $days ->
    [one] day
   *[other] days
}
line-closed-late = { $who } closed it after { $days } { $days ->
    [one] day
   *[other] days
}, late
line-revisited = { $who } revisited it: the fix holds
line-reopened = { $who } revisited it: the fault is back
line-withdrawn-mistaken = { $who } withdrew it: a mistake
line-withdrawn-duplicate = { $who } withdrew it: a duplicate
line-help-asked = { $who } asked the county for help
line-help-supported = { $who } answered: the county helps
line-help-returned = { $who } answered: the school can do it
line-climb-answered = { $who } recorded: { $step }
line-warned = { $clock }: { $mark }% of the time has passed
line-overdue = { $clock }: overdue
line-escalated = { $days } { $days ->
    [one] day
   *[other] days
} overdue; escalated to: { $step }
line-corrected = { $who } corrected the entry
line-carried-closed = { $who } carried it over from a ledger, row { $row }, where it was closed
line-carried-open = { $who } carried it over from a ledger, row { $row }; here it is “{ $stage }”
who-platform = The platform
who-unknown = Staff
line-guide-not-loaded = the guide's items for this area are not loaded
print-title = Record of a hazard and its rectification
print-no = No.

# Refusals
problem-hazard-unknown = There is no such hazard.
problem-hazard-exists = This hazard has already been registered.
problem-hazard-wrong-stage = This hazard is “{ $stage }” now; this act is not possible: { $act }.
problem-hazard-unit-not-open = Hazards cannot be registered for this unit: it is closed, or it is no school or institution.
problem-hazard-category-unknown = Choose a category.
problem-hazard-category-restricted = This is not registered here and nothing was stored. Call 110 or the named people of the school and county at once.
problem-hazard-text-restricted = This text seems to concern somebody's personal safety. It may not be written into a hazard and was not stored. Call 110 or the named people of the school and county; if it is only about rules or facilities, put it differently.
problem-hazard-source-unknown = Say how it was found.
problem-hazard-description-or-photo = Take a photo or write a sentence.
problem-hazard-number-taken = Ledger number { $number } is in use.
problem-hazard-after-photo-missing = Add a photo taken after fixing.
problem-hazard-guide-incomplete = Items of the guide are not answered: { $missing }{ $unknown }.
problem-hazard-county-decides = This is a major hazard or a county matter; the county decides.
problem-hazard-school-decides = General hazards are for the school or its central school; the county acts when they are overdue or it was asked.
problem-hazard-central-decides = The school has no second person to check it; the central school does.
problem-hazard-person-elsewhere = Choose one of this school's people.
problem-hazard-five-fixed = The five fixed are not complete; fill in what is marked below.
problem-hazard-five-fixed-filler = “{ $text }” says nothing; be specific.
problem-hazard-responsible-missing = Choose the responsible person.
problem-hazard-due-missing = Enter a deadline.
problem-hazard-due-past = { $date } has passed; choose another day.
problem-hazard-due-too-late = { $date } is later than { $latest } ({ $rule }); choose another day or ask for more time.
problem-hazard-extension-not-later = Enter a day after the deadline { $date }.
problem-hazard-fixer-may-not-accept = Whoever fixed it may not accept it; somebody else must check.
problem-hazard-responsible-may-not-accept = Whoever answers for the fix may not accept it; somebody else must check.
problem-hazard-fixer-may-not-revisit = Whoever fixed it may not look back at it; somebody else must. If it came back, you may say so.
problem-hazard-revisit-early = It was closed only just now; looking back means something from { $date } on ({ $rule }). If it came back, it can be reported at any time.
problem-hazard-major-on-site = A major hazard must be checked on the spot.
problem-hazard-help-asked-already = The county was already asked; wait for the answer.
problem-amount-negative = The amount cannot be negative.
problem-photos-too-many = At most { $most } photos.
problem-photo-unknown = A photo did not arrive; choose it again.
problem-attachment-type = This kind of file ({ $kind }) is not taken. Use JPG, PNG or WebP.
problem-attachment-type-heic = This is an iPhone { $kind } picture. Choose “Most Compatible” under Settings, Camera, Formats.
problem-attachment-too-large = The photo has { $megabytes } MB, which is too large.
problem-attachment-pixels = The photo has { $megapixels } megapixels, which is too many; lower the camera's resolution.
problem-attachment-broken = The photo is incomplete; take or choose it again.
problem-rules-missing = The standards library has no entry “{ $rule }”; tell the system administrator.
rule-hazard-onspot = on-the-spot deadline; system default, the county may change it
rule-hazard-grade = grading deadline; system default, the county may change it
rule-hazard-assign = assigning deadline; system default, the county may change it
rule-hazard-takeon = taking-on deadline; system default, the county may change it
rule-hazard-rectify-general = deadline for general hazards; system default, the county may change it
rule-hazard-rectify-general-max = longest time with an extension; system default, the county may change it
rule-hazard-rectify-larger = deadline for larger hazards; system default, the county may change it
rule-hazard-acceptance = acceptance deadline; system default, the county may change it
rule-hazard-close = closing deadline; system default, the county may change it
rule-hazard-revisit-general = revisit deadline; system default, the county may change it
rule-hazard-revisit-larger = revisit deadline; system default, the county may change it
rule-hazard-revisit-major = revisit deadline for major hazards; system default, the county may change it
problem-hazard-level-same = It has this level already.
problem-hazard-asker-may-not-answer = Whoever asked for more time may not decide on it.
problem-hazard-on-spot-too-late = Too long after it was found to count as fixed on the spot; register it and fix it in the usual way.
problem-hazard-before-photo-missing = Fixing on the spot needs a photo from before.
problem-hazard-number-shape = A ledger number is a year and a serial.
problem-hazard-category-graded = It was graded under its old category; withdraw it and register it anew under this one.
today-reminder-line-plain = { $number }. { $where }: “{ $what }” — { $act }.
problem-hazard-not-responsible = It was assigned to somebody else, who must take it on.
line-escalated-at-once = Escalated to: { $step }
print-signatures = Head (signature): __________  Date: __________

# Carried over
carried-title = From a ledger
carried-mark = Carried over from an earlier ledger; its repair and closing were not accepted on this platform
carried-source-none = The ledger does not say
carried-number = Ledger number
carried-level = Ledger level
carried-found-by = Found by
carried-due = Ledger deadline
carried-fixed = Fixed, by the ledger
carried-accepted-by = Accepted by, in the ledger
carried-closed = Closed, by the ledger
carried-remark = Remark
problem-hazard-before-found = { $date } lies before the day it was found.

# Reminders that go out: number, category, level, unit, deadline and nothing else
tiding-about = { $where } { $number } { $category } ({ $level })
tiding-assigned = Assigned: { $about }, to be taken on by { $due }
tiding-warning = { $mark } % of the time has passed: { $about }, { $clock } due { $due }, { $left }
tiding-overdue = Overdue: { $about }, { $clock } due { $due }, { $left }
tiding-climb = Climbed to { $step }: { $about }, { $clock } overdue by { $days } days
tiding-major = Major hazard: { $about }, to be assigned by { $due }
tiding-returned = Sent back after review: { $about }, to be fixed by { $due }
tiding-help = County asked for help: { $about }
tiding-daily = Hazards: { $open } open, { $soon } due within { $days } days, { $late } overdue
