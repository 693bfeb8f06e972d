# Texts of public reports

reports-title = Public reports
report-number = Report { $number }

event-public-report-received = Public report received
event-public-report-taken-up = Public report became a hazard
event-public-report-answered = Public report answered without a hazard
event-public-report-sent-back = Public report sent back
event-public-report-warned = Deadline of a public report
event-public-report-telephone-erased = Reporter's telephone erased

public-report-stage-waiting = Waiting for an answer
public-report-stage-taken-up = Became a hazard
public-report-stage-answered = No hazard

public-report-which-waiting = Waiting for an answer
public-report-which-overdue = Overdue
public-report-which-taken-up = Became a hazard
public-report-which-answered = No hazard
public-report-which-all = All

public-report-answer-known = Registered already
public-report-answer-not-safety = Not a safety matter
public-report-answer-not-found = Not found on the spot
public-report-answer-void = No usable content

answer-known-hint = It is an open hazard already: choose which
answer-not-safety-hint = Fees, timetables, teaching: say whom to turn to
answer-not-found-hint = Say when and where somebody looked
answer-void-hint = Pranks and advertisements; the county sees every one

public-report-act-take-up = Make it a hazard
public-report-act-answer = Answer without a hazard
public-report-act-send-back = Send back to the school
public-report-act-telephone = Show the telephone

rule-public-report-answer = A public report is answered within 3 working days (system default; the county office may change it)
rule-public-report-again = A report that was sent back is answered within 2 working days (system default; the county office may change it)

list-lead = What parents and the public told by scanning the code of a place. The school makes it a hazard or says why not, within its time; the county sees every answer and may send one back once.
list-to-places = Places and their codes
list-any = Any
list-count = { $n } in all
list-query = Words or number
list-year = Year
list-late = Late
late = Late
sent-back = Sent back by the county
list-empty = There is no such report.
list-empty-waiting = No report waits for an answer.
list-empty-all = No report has come in yet. Print the codes of places and put them up: whoever scans one can report.
list-show-all = Show all
list-more = Only the first { $n } are shown. Narrow the list or export all of it.
list-export-xlsx = Export to Excel
list-export-csv = Export to CSV
list-chip-query = With “{ $text }”
list-chip-unknown = Nothing of that name
list-photo-only = (a photo only)
list-answered-on = Answered { $day }
category-unknown = The reporter could not say
column-title = What
column-place = Place
column-unit = School
column-stage = State
column-due = Answer due
column-number = Number
column-received = Received
column-answered = Answered

record-title = Public report { $number }
record-waits = Waiting for the answer of { $unit }.
record-more = Other acts
record-facts = Facts
record-timeline = What happened
record-to-place = Open the place
record-to-hazard = Open the hazard
erased = Erased as the rules demand
photo-alt = Photo of the report
fact-telephone = Reporter's telephone
fact-hazard = Hazard
fact-answer = Why no hazard
fact-told = Answer to the reporter
telephone-none = None was left
telephone-kept = Left; erased some time after the answer
telephone-until = Left; erased on { $day }
telephone-erased = Erased
telephone-logged = Shown this once, and written into the log of reads.

form-category = Category
form-description = The hazard
form-description-hint = As it is on the spot. The photos of the report go along.
form-place = Where
form-words = Answer to the reporter
form-words-hint = The reporter reads this by his ticket. No names of pupils.
form-take-up-told = It is registered as a hazard with the source “public report”, and goes on as every hazard does. When it is closed the reporter's page says so by itself.
form-take-up-words-usual = We registered it as a hazard. It has a deadline; your code shows how it goes.
form-answer = Why
form-answer-told = Say why it becomes no hazard. It stays under “No hazard”, where the county sees it.
form-hazard = The hazard that is registered
form-hazard-hint = Needed with “Registered already”
form-send-back-told = This can be done once. Say what the school shall look at again; its time to answer begins anew.
form-telephone-told = Say why the reporter has to be called. Every showing is written into the log of reads.
form-why = Reason
act-done = Done: { $act }.

line-received = A public report came in
line-taken-up = { $who } made it hazard { $number }
line-answered = { $who } answered: { $answer }
line-sent-back = { $who } sent it back to the school, to be answered by { $day }
line-overdue = The answer is overdue
line-warned = { $percent } % of the time to answer have passed
line-telephone-erased = The reporter's telephone was erased in time

beside-report = { $day }, { $place }
beside-open = Open the report

due-title = Public reports
due-count = { $n ->
    [one] { $n } public report to do
   *[other] { $n } public reports to do
}
due-count-late = { $n ->
    [one] { $n } public report to do, { $late } of them late
   *[other] { $n } public reports to do, { $late } of them late
}
due-answer = Answer a public report
due-urge = See that it is answered
due-line = { $act }: { $unit } { $place }, by { $day }
due-column-act = What to do

public-title = Report something unsafe
public-lead = What did you see at “{ $place }”? No account and no name needed.
public-urgent = If somebody is hurt, something burns or somebody makes trouble, call 120, 119 or 110 first.
public-category = What kind
public-category-unknown = Cannot say
public-photos = Photos
public-photos-hint = At most 3. Time, place and whatever else is hidden in them is taken out.
public-photos-again = Photos have to be chosen again; the browser does not keep them.
public-words = What is it
public-words-hint = Not needed with a photo. Please write no child's name.
public-spot = Where exactly
public-spot-hint = For example: second floor, third window from the east
public-telephone = Your telephone
public-telephone-hint = Only for asking you back. The head, the safety officer and the county safety office can see it, with a reason and on record; it is erased { $span } after the answer.
public-send = Send

follow-title = Follow a report
follow-lead = Type the ticket that you were given.
follow-ticket = Ticket
follow-ticket-hint = For example ABCD-EFGH-JKMN-PQRS, in small or capital letters
follow-act = Look
follow-due = The school answers by
follow-waiting = Received; the school is looking
follow-answered = The school made it no hazard, for the reason below
follow-fixing = Registered as a hazard and being dealt with
follow-checking = Fixed, and being checked
follow-fixed = Fixed and accepted
follow-withdrawn = The school withdrew the hazard later
followed-title = Your report
followed-received = Received, thank you. Please write the ticket down.
followed-ticket = Your ticket:
followed-keep = Write it down or take a screenshot; it is good until { $day }. Give it to nobody.
followed-answer = The school's answer

unknown-title = No such code
unknown-told = There is no place with this code.
unknown-what = The print may be spoiled, or the code stopped. Look for a newer one nearby, or tell somebody at the gate. In an emergency call 110, 119 or 120.
closed-title = Place closed
closed-told = { $unit }: “{ $place }” is no longer in use.
closed-whole = Report by the code of the whole school
gone-title = Not found
gone-told = There is no such ticket, or it is over.
gone-what = Check it and type it again. If it is lost, scan the code and report once more.
withheld-title = Please call
withheld-kept = What you wrote was sealed and handed to a named reader; it stands in no list. Please call one of these numbers too.
withheld-nothing = What you wrote was not stored. Please call one of these numbers.
withheld-hotline = When a child needs help you can also call the youth service 12355.

problem-public-report-unknown = There is no such report.
problem-public-report-place-closed = This place is closed. Use the code of the whole school.
problem-public-report-place-full = Many reports came in from this place today and the school is at work. Try tomorrow; if it is urgent tell the school or call 110.
problem-public-report-too-many = That was a lot at once. Try again in a while; what you wrote is still below.
problem-public-report-says-nothing = Write a sentence or take a photo.
problem-public-report-form-expired = This form was open for too long. What you wrote is below; please send it again.
problem-public-report-sent-before = One report of yours came in a moment ago. If this is another matter, send it again.
problem-public-report-telephone = That does not look like a telephone. You may leave it out; otherwise write 7 to 14 digits.
problem-public-report-wrong-stage = This report is at “{ $stage }”: { $act } is not possible.
problem-public-report-hazard-unknown = There is no such hazard, or it did not come of this report.
problem-public-report-hazard-closed = This hazard is closed. Choose an open one, or make it a new one.
problem-public-report-sent-back-before = It was sent back once and cannot be sent back again.

# Reports on a school's page
panel-all = All reports
