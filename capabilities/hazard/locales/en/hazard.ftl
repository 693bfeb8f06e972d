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
hazard-acceptor-school = the school
hazard-acceptor-central = the central school
hazard-acceptor-county = the county
hazard-guide-major = major
hazard-guide-not-major = not major
hazard-guide-unsettled = items incomplete, not settled
hazard-guide-not-loaded = chapter not loaded
hazard-guide-not-covered = no chapter about it
hazard-act-grade = grade
hazard-act-assign = assign
hazard-act-take-on = take on with a plan
hazard-act-change-responsible = change who answers for it
hazard-act-rectify = report the fix
hazard-act-answer-extension = decide the extension
hazard-act-accept = check and accept
hazard-act-accept-close = accept and close
hazard-act-close = close
hazard-act-revisit = revisit
hazard-act-answer-help = answer the request
hazard-act-deliver-help = do what was promised
hazard-act-urge = urge on
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
hazard-clock-answer-help = answer to the request
hazard-clock-deliver-help = promised help

# List
list-title = Hazards
list-register = Register a hazard
list-stage = State
list-level = Level
list-category = Category
list-source = Source
list-repeat = Repeated
list-repeated-any = All
list-repeated = Repeated hazards
list-repeats = { $category } · repeated
list-from = Registered from
list-to = Registered until
list-query = Number, words, place or school
list-town = Township
list-town-hint = Then choose a school
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
list-count-many = More than 10,000 hazards
clock-closed = Closed { $date }
clock-closed-late = Closed late, { $date }
clock-registered = Registered { $date }
list-column-level = Level
list-column-what = Hazard
list-column-where = School and place
list-column-turn = Whose turn
list-column-clock = Deadline
list-chip-query = containing “{ $query }”
list-chip-from = from { $date }
list-chip-to = until { $date }
list-empty = No hazards match.
list-empty-all = Hazards that are not closed are listed here. There are none now.
list-empty-own = Open hazards that you registered, or have to fix, are listed here. There are none now.
list-show-all = Show all
list-view-open = Open
list-view-overdue = Overdue
list-view-major = Major
list-view-ended = Closed
list-export-csv = Export to CSV
list-export-xlsx = Export to Excel
export-due-now = Current deadline
export-late = Lateness
export-repeats = Repeats number

# Work today
today-title = Work today
today-count-beyond = More than { $count } items wait. These are the { $count } that fall due first, { $late } of them overdue; the reminders hold no others.
today-file-beyond = only the { $n } items that fall due first
today-empty = Nothing waits for you right now.
today-count = { $count } to do, { $late } of them overdue
today-count-fine = { $count } to do, all within their deadlines
today-column-act = To do
today-others = Waiting for others
today-others-hint = Given to somebody by name, who does it; remind them, or assign it anew where needed.
today-column-other = Who has to do what
today-other = { $name }: { $act }
today-by = By whom
today-reminder = Reminder text
today-urged = { $times ->
    [one] urged on once
   *[other] urged on { $times } times
}
today-reminder-hint = Copy it into the work group
today-reminder-head = [School safety: to do] { $unit }, as of { $time }:
today-reminder-line = { $number }. { $where }: “{ $what }” ({ $ledger }) — { $act }, { $clock }.
today-reminder-tail = Please sign in to the platform.
today-reminder-line-there = { $number }. “{ $what }” ({ $ledger }) — { $act }, { $clock }.
today-reminder-line-bare = { $number }. “{ $what }” ({ $ledger }) — { $act }.
today-reminder-others = { $count } more are on the platform.
today-more = This page shows { $from }–{ $to }; { $count } more are on other pages.
today-schools = Reminders by school
today-schools-hint = A text for each school on this page, with what it has to do; it can be sent school by school.
today-school = “{ $name }”: { $count }
today-school-copy = Reminder for “{ $name }”

# Register
register-title = Register a hazard
register-pick = What kind of hazard?
register-pick-hint = Take the nearest; it can be corrected later
register-where = At which school
register-no-township = Not in a township
register-place = Exact place
register-place-hint = For example: east corridor, second floor
register-place-other = Elsewhere, written below
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
register-guide-hint = One of these makes it major: do not settle it on the spot, register it
register-after = Photos after fixing
register-fix = How it was fixed
register-fix-hint = May be left empty; the category's words are used
register-submit = Register
register-already = This form was already registered as { $number }: this is it. No second one was made.
register-changed = This form was already sent and became { $number }. What it says now is different and is not registered. To change that hazard open it and correct it; if this is another one, check what is below and register it.
register-alike = You have just registered the same hazard ({ $number }, { $at }). Register it all the same?
register-see = See { $number }
register-anyway = Register all the same
register-done = Registered as number { $number }. { $unit } grades it next.
register-done-spot = Registered as { $number }; the fix waits for somebody else's check.
register-change-category = Another category
restricted-title = This is not registered here
restricted-back = Back to the other categories
restricted-nothing = You have not submitted anything and the platform has stored nothing.
restricted-unsaved = What you have just written was not stored.
restricted-unsaved-because = What you have just written was not stored, because “{ $phrase }” looks like such a case. If you only meant a facility or a policy, register it again in other words.
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
record-position = Position
record-plan = Plan (five fixed)
record-plan-by-category = The five fixed (fixed on the spot; as the category says)
record-turn-yours = Your turn: { $act }
record-turn-yours-next = It is your turn to { $act }.
record-turn-wait = Waiting for “{ $unit }” to { $act }.
record-turn-person = Waiting for { $person } to { $act }.
record-turn-none = This hazard is done.
record-turn-withdrawn = This hazard was withdrawn.
record-timeline = What happened
record-more = Other acts
record-print = Print
record-rule-person = set by the plan
record-rule-extended = the extension that was granted
record-rule-returned = set when the work was returned
record-rule-fallback = { $rule } (the year’s holidays are not loaded; Monday to Friday count as working days)
record-climbed = Escalated to: { $step }
record-help-asked = The county was asked for help; no answer yet
record-help-supported = The county helps
record-help-asked-by = The county was asked for help and answers by { $by }
record-help-promised = The county promised to help by { $by }
record-help-delivered = The county has done what it promised
record-urged = { $times ->
    [one] Urged on once at this step, on { $at }
   *[other] Urged on { $times } times at this step, last on { $at }
}
record-repeats = Repeated
record-repeats-earlier = The same place and kind before
record-repeats-later = The same place and kind again
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
plan-due-now = Due { $date } as it stands; {""}
plan-due-hint = { $date } at the latest ({ $rule })
plan-due-hint-open = Set by the plan
plan-contingency = Contingency plan
plan-contingency-hint = How people are protected meanwhile, and what if something happens
plan-submit = Take on and submit the plan

# Forms of the acts
form-level = Level
form-level-hint-general = Limited harm; the school can fix it soon
form-level-hint-major = Grave or hard to fix; the county supervises it
form-level-only-major = Ordinary hazards are graded by the school; the county can only make one major.
form-guide = Major-hazard guide (check each item)
form-guide-hint = Tick whatever is the case; any tick makes it major
form-guide-not-loaded = The guide's items for this area are not loaded. Consult the document; this does not mean “not major”.
form-guide-unsettled = The loaded items are not complete; consult the document for the rest.
form-reason = Reason
form-grade = Confirm the level
form-responsible = Who fixes it
form-assign = Assign
form-responsible-new = Who takes over
form-change-responsible = Change who answers for it
form-note = Note
form-note-refuse = Say why when you refuse
form-note-back = Say what came back
form-photos = Photos
form-rectified = What was done
form-rectified-photos = Photos after fixing
form-spent = Money spent
form-person-no-account = { $person } (no account, will not see it)
form-rectify = Report the fix
form-until = More time until
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
form-help-what = The answer
form-help-until = If agreed: done by
form-help-until-hint = Empty means { $date } ({ $rule }). The county office is reminded before.
form-help-until-hint-open = The county office is reminded before.
form-help-done = What was done
form-help-done-hint = Say what money, people or arrangements came of it. The county is not reminded any more; the school still rectifies the hazard.
form-deliver-help = Send what was done
form-urge-hint = For whoever has the turn now. Their list of work shows how often it was urged on, and the school’s channels are told; once a day for the same step.
form-urge-note = What to say
form-urge = Urge on
batch-title = Many at once
batch-hint = Tick the hazards, write one reason, send once. Each is decided and recorded apart; one that is refused holds up no other.
batch-acts = What to do
batch-items = Hazards
batch-note = Reason
batch-note-hint = It is written into the record of each.
batch-all-schools = All schools
batch-school = { $name } ({ $count })
batch-show = Show this school
batch-choose = Choose a school first: who rectifies is one of its people.
batch-empty = Nothing here now to { $act } at once.
batch-more = { $left ->
    [one] One more comes when these are done.
   *[other] { $left } more come when these are done.
}
batch-submit = Send: { $act }
batch-done = { $act }: { $done ->
    [one] one hazard done.
   *[other] { $done } hazards done.
}
batch-partly = { $done } { $left ->
    [one] This one was not done:
   *[other] These { $left } were not done:
}
batch-grant = Agree to the extension
batch-refuse = Refuse the extension
form-verdict = The answer
form-answer-climb = Send the record
form-answer-climb-note = What was said, and by when it will be done
form-answer-climb-hint = It becomes part of this hazard’s history; the school and those above it can read it.
form-progress = Add progress
form-correct = Save the correction
act-done = Done: { $act }.
act-done-next = { $done } { $next }
act-overtaken = This hazard changed while you were writing
act-overtaken-again = What you typed is still below and was not sent. Look at what changed, then decide whether to send it.
act-overtaken-typed = What you typed:
act-overtaken-over = This step can no longer be taken, and what you typed was not sent. Below is where the hazard stands.

# Timeline
line-registered-source = { $who } registered the hazard (source: { $source })
line-registered-repeats = { $told }; the same place and kind was registered as { $number }: a repeated hazard
line-fixed-on-spot = { $who } fixed it on the spot; it awaits acceptance
line-graded = { $who } graded it: { $level }
line-graded-unguided = { $graded } (the guide’s items for this area are not loaded)
line-graded-forced = { $who } graded it: the guide makes it major
line-guide-met = Item met: { $item }
line-guide-item = { $item } ({ $clause })
line-plan-field = { $name }: { $said }
line-assigned = { $who } assigned it to { $person }
line-responsible-changed = { $who } put { $person } in charge instead of { $former }
line-responsible-named = { $who } put { $person } in charge
line-taken-on = { $who } took it on with all five fixed, due { $date }
line-progressed = { $who } added progress
line-rectified = { $who } reported the fix
line-rectified-late = { $who } reported the fix after the deadline
line-extension-asked = { $who } asked for time until { $date }
line-extension-granted = { $who } granted time until { $date }
line-extension-refused = { $who } refused more time
line-request-dropped = { $sentence }; the request for more time lapsed unanswered
line-accepted = { $who } accepted the fix
line-accepted-on-site = { $who } checked it on the spot and accepted
line-returned = { $who } sent it back, due { $date }
line-closed = { $who } closed it { $days ->
    [0] within a day
    [one] after one day
   *[other] after { $days } days
}
line-closed-late = { $who } closed it { $days ->
    [0] within a day
    [one] after one day
   *[other] after { $days } days
}, late
line-revisited = { $who } revisited it: the fix holds
line-reopened = { $who } revisited it: the fault is back
line-withdrawn-mistaken = { $who } withdrew it: a mistake
line-withdrawn-duplicate = { $who } withdrew it: a duplicate
line-withdrawn-newer = { $who } withdrew it (the reason “{ $code }” was written by a newer version; upgrade to read it)
line-help-newer = { $who } answered (“{ $code }” was written by a newer version; upgrade to read it); the request stands
line-graded-newer = { $graded } (what the guide said, “{ $code }”, was written by a newer version)
line-help-asked = { $who } asked the county for help
line-help-supported = { $who } answered: the county helps
line-help-promised = { $who } answered: the county helps by { $date }
line-help-delivered = { $who } recorded what the county has done
line-urged = { $who } urged it on
line-help-returned = { $who } answered: the school can do it
line-climb-answered = { $who } recorded: { $step }
line-warned = { $clock }: { $mark }% of the time has passed
line-overdue = { $clock }: overdue
line-escalated = { $days } { $days ->
    [one] day
   *[other] days
} overdue; escalated to: { $step }
line-readdressed = The school passed from { $former } to { $central }, and with it what a central school has to do
line-readdressed-first = The school came under { $central }, which does what a central school has to do
line-readdressed-county = The school left { $former }: what a central school has to do passes to the county
line-readdressed-closed = the school is closed: looking back passes to the tier above
line-corrected = { $who } corrected the entry
line-corrected-repeats = { $told }; the same place and kind was registered as { $number }: a repeated hazard
line-carried-closed = { $who } carried it over from a ledger, row { $row }, where it was closed
line-carried-open = { $who } carried it over from a ledger, row { $row }; here it is “{ $stage }”
who-platform = The platform
who-unknown = Staff
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
problem-hazard-notes-full = A hazard takes { $most } progress notes at most; take the next step.
problem-hazard-acceptor-newer = A newer version named “{ $code }” to check it; upgrade the platform first.
problem-hazard-central-decides = The school has no second person to check it; the central school does.
problem-hazard-person-elsewhere = Choose one of this school's people.
problem-hazard-responsible-same = This person answers for it already; choose another.
problem-hazard-five-fixed = The five fixed are not complete; fill in what is marked below.
problem-hazard-five-fixed-filler = “{ $text }” says nothing; be specific.
problem-hazard-why-filler = “{ $text }” gives no reason: say what it is.
problem-hazard-photo-before = One of the photos of the fix is the photo of the hazard itself: take one as it is now.
problem-hazard-responsible-missing = Choose the responsible person.
problem-hazard-return-later = The deadline { $date } still lies ahead and stays. Who needs more time asks for an extension.
problem-hazard-return-beyond = Counted from the day it was taken on, { $latest } is the last day allowed, also after a return. Leave the day out: the old deadline holds, and the county follows up what is overdue.
problem-hazard-on-spot-major = What you ticked makes this a major hazard, which cannot be settled on the spot. Register it without “fixed on the spot”; the county takes it from there.
problem-hazard-due-missing = Enter a deadline.
problem-hazard-due-past = { $date } has passed; choose another day.
problem-hazard-due-too-late = { $date } is later than { $latest } ({ $rule }); choose another day or ask for more time.
problem-hazard-extension-not-later = Enter a day after the deadline { $date }.
problem-hazard-fixer-may-not-accept = Whoever fixed it may not accept it; somebody else must check.
problem-hazard-responsible-may-not-accept = Whoever answers for the fix may not accept it; somebody else must check.
problem-hazard-earlier-may-not-accept = You answered for this hazard before or worked on it; somebody else has to accept it.
problem-hazard-fixer-may-not-revisit = Whoever fixed it may not look back at it; somebody else must. If it came back, you may say so.
problem-hazard-revisit-early = It was closed only just now; looking back means something from { $date } on ({ $rule }). If it came back, it can be reported at any time.
problem-hazard-revisit-closed = The school is closed and nobody is there to fix it. Register a new hazard at whoever uses the site now.
problem-hazard-major-on-site = A major hazard must be checked on the spot.
problem-hazard-help-asked-already = The county was already asked; wait for the answer.
problem-hazard-help-promised-already = The county has promised to help; wait until it has done so.
problem-hazard-help-return-date = A request that is returned has no date; agree, if the county helps.
problem-hazard-urge-self = This step is your own or a superior’s; it cannot be urged on.
problem-hazard-batch-none = Tick at least one hazard.
problem-hazard-batch-verdict = Choose whether you agree.
problem-hazard-urged-lately = This step was urged on a short while ago; it can be again from { $date }.
problem-amount-negative = The amount cannot be negative.
problem-photos-too-many = At most { $most } photos.
problem-photo-unknown = A photo did not arrive; choose it again.
problem-attachment-type = This kind of file ({ $kind }) is not taken. Use JPG, PNG or WebP.
problem-attachment-type-heic = This is an iPhone { $kind } picture. Choose “Most Compatible” under Settings, Camera, Formats.
problem-attachment-type-unknown = Nobody knows what kind of file this is. Use JPG, PNG or WebP.
problem-attachment-empty = This file is empty; choose it again.
problem-attachment-too-large = The photo is too large; it may have { $most } MB.
problem-attachment-pixels = The photo has { $megapixels } megapixels and may have { $most }; lower the camera's resolution.
problem-attachment-broken = The photo is incomplete; take or choose it again.
problem-rules-missing = The standards library has no entry “{ $rule }”; tell the system administrator.
rule-hazard-onspot = on-the-spot deadline; system default, the county may change it
rule-hazard-grade = grading deadline; system default, the county may change it
rule-hazard-assign = assigning deadline; system default, the county may change it
rule-hazard-takeon = taking-on deadline; system default, the county may change it
rule-hazard-major-control = temporary control of a major hazard; system default, the county may change it
rule-hazard-major-notice = signing of the notice of supervision; system default, the county may change it
rule-hazard-major-progress = weekly report of a listed hazard; system default, the county may change it
rule-hazard-major-receipt = receipt of the notice of supervision; system default, the county may change it
rule-hazard-major-check = on-site check for delisting; system default, the county may change it
rule-hazard-major-delist = signing of the delisting; system default, the county may change it
rule-hazard-major-plan = deadline for the plan of a major hazard; system default, the county may change it
rule-hazard-rectify-general = deadline for general hazards; system default, the county may change it
rule-hazard-rectify-general-max = longest time with an extension; system default, the county may change it
rule-hazard-rectify-larger = deadline for larger hazards; system default, the county may change it
rule-hazard-rectify-larger-max = longest for a larger hazard with more time, system default, the county may change it
rule-hazard-revisit-earliest = earliest look back, system default, the county may change it
rule-hazard-rectify-major-max = longest time for a major hazard, system default, the county may change it
rule-hazard-acceptance-major = acceptance deadline of a major hazard; system default, the county may change it
rule-hazard-acceptance = acceptance deadline; system default, the county may change it
rule-hazard-close = closing deadline; system default, the county may change it
rule-hazard-help-answer = time to answer a request for help; system default, the county may change it
rule-hazard-help-deliver = time to do what was promised; system default, the county may change it
rule-hazard-urge-again = time between urging the same step on twice; system default, the county may change it
rule-hazard-revisit-general = revisit deadline; system default, the county may change it
rule-hazard-revisit-larger = revisit deadline; system default, the county may change it
rule-hazard-revisit-major = revisit deadline for major hazards; system default, the county may change it
problem-hazard-level-same = It has this level already.
problem-hazard-lower-reason = Say why it is no longer major.
problem-hazard-asker-may-not-answer = Whoever asked for more time may not decide on it.
problem-hazard-on-spot-too-late = Too long after it was found to count as fixed on the spot; register it and fix it in the usual way.
problem-hazard-before-photo-missing = Fixing on the spot needs a photo from before.
problem-hazard-number-shape = A ledger number is a year and a serial.
problem-hazard-category-graded = It was graded under its old category; withdraw it and register it anew under this one.
today-reminder-line-plain = { $number }. { $where }: “{ $what }” ({ $ledger }) — { $act }.
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
tiding-help-by = County asked for help: { $about }, to be answered by { $by }
tiding-help-promised = The county promised to help: { $about }, by { $by }
tiding-urged = Urged on: { $about }, please { $act }; the deadline is { $by }
tiding-daily = Hazards: { $open } open, { $soon } due within { $days } days, { $late } overdue
