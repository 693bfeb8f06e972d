# Texts of accountability and clarification

accountability-title = Accountability
cases-title = Accountability cases
clarifications-title = Clarifications
case-number = Case { $number }
clarification-number = Clarification { $number }
rule-with-clause = { $title } ({ $clause })

event-accountability-opened = accountability opened
event-accountability-stated = statement made
event-accountability-silence-recorded = time for statements over
event-accountability-found = finding written
event-accountability-submitted = sent for review
event-accountability-reviewed = review passed
event-accountability-sent-back = sent back
event-accountability-concluded = conclusion signed
event-accountability-handled = handling carried out
event-accountability-measures-reported = measures reported done
event-accountability-measures-checked = measures checked
event-accountability-extended = inquiry prolonged
event-accountability-called-off = called off
event-accountability-closed = case closed
event-accountability-deadline-warned = deadline warning
event-clarification-asked = clarification asked for
event-clarification-drafted = clarification drafted
event-clarification-sent-back = sent back
event-clarification-signed = clarification signed
event-clarification-refused = clarification refused
event-clarification-issued = clarification issued by a conclusion
event-clarification-deadline-warned = deadline warning

case-stage-stating = statements
case-stage-finding = to be found
case-stage-reviewing = to be reviewed
case-stage-signing = to be signed
case-stage-carrying = being carried out
case-stage-closed = closed
case-stage-called-off = called off

clarification-stage-asked = to be answered
clarification-stage-drafted = to be signed
clarification-stage-signed = issued
clarification-stage-refused = refused

case-act-open = Open a case
case-act-state = Make a statement
case-act-find = Write the findings
case-act-submit = Send for review
case-act-review = Review
case-act-conclude = Sign the conclusion
case-act-handle = Record the handling
case-act-report = Report the measures
case-act-check = Check the measures
case-act-extend = Prolong the inquiry
case-act-call-off = Call it off
case-act-ask = Ask for a clarification
case-act-draft = Draft the clarification
case-act-answer = Answer the request
case-act-sign = Sign the clarification
case-act-refuse = Refuse it

case-clock-statement = Statements
case-clock-investigation = Inquiry
case-clock-measures = Measures
case-clock-answer = Answer to the request

authority-bureau = County education bureau
authority-government = County government
authority-discipline = Discipline inspection organ
authority-other = Another authority

consequence-casualties = people hurt or dead
consequence-property = loss of property
consequence-teaching = teaching interrupted
consequence-public = public impact
consequence-other = another serious consequence

side-rectifying = Rectifying side
side-supervising = Supervising side

verdict-done = did its duty
verdict-partly = did part of its duty
verdict-not-done = did not do its duty

handling-talk = formal talk
handling-written = written self-criticism
handling-circular = circular
handling-handed-over = handed over to the competent organ
handling-other = another handling

purpose-claim = claim or lawsuit
purpose-complaint = complaint or public discussion
purpose-inquiry = inquiry by a superior or another department
purpose-other = another purpose

rule-accountability-statement = Time for statements
rule-accountability-investigation = Time for the inquiry
rule-accountability-investigation-more = Prolonged time for the inquiry
rule-clarification-answer = Time to answer a request for clarification

cases-lead = Opened only when a competent authority decides that failure to rectify or to supervise caused serious consequences, and always against both sides. No deadline that passes opens a case.
clarifications-lead = Whoever did its duty is told so promptly by the county: facts, deadlines and clauses on a paper that can be checked.
cases-empty = There are no such cases.
clarifications-empty = There are no such clarifications.
list-running = Running
list-overdue = Something overdue
list-unanswered = To be answered
list-all = All
list-count = { $n ->
    [one] 1 record
   *[other] { $n } records
}
list-show-all = Show all
list-more = Only the first { $n } are shown. Narrow the list, or export all.
list-export-xlsx = Export to Excel
list-export-csv = Export to CSV
filter-unit = Unit concerned
filter-year = Year
filter-words = Words
filter-words-chip = With “{ $words }”
filter-any-unit = All units
filter-any-year = All years
column-number = Number
column-hazard = Hazard
column-unit = Unit
column-stage = Stage
column-opened = Opened
column-begun = Begun
column-concluded = Concluded
column-cleared = Units found to have done their duty
column-signed = Signed
column-next = Next deadline
column-late = Overdue
column-ended = Ended
column-origin = Origin
origin-case = Conclusion of { $number }
origin-asked = Asked for by the school: { $purpose }
number-none = No number yet
late = overdue
not-yet = Not yet
erased = Erased as the rules require
names-between = { ", " }
photo-alt = Paper of the case

record-title = { $number }
record-hazard = Hazard { $number }
record-waits = Waiting for { $unit }: { $act }
record-more = Other acts
record-facts = Facts
record-timeline = What happened
act-done = { $act }: done.
act-overtaken = While you filled in the form somebody acted on this record. See how it stands below; what you typed is kept and can be sent again.
act-overtaken-over = While you filled in the form somebody acted on this record, and this step is not needed any more. What you wrote was not sent:

side-named = { $role }: “{ $name }”
side-school = This school, where the hazard is
side-statement = Statement
side-spoke = { $n ->
    [one] Made once
   *[other] Made { $n } times
}
side-silent = None while there was time; silence is no admission
side-not-yours = Statements and findings of other units are not shown here
side-finding = Finding
side-handled = Carried out
side-measures-owed = Due { $day }, not reported done
side-measures-reported = Due { $day }, reported done, waiting to be checked
side-measures-done = Due { $day }, checked and done

course-title = Each deadline and how it was kept
course-hint = Deadlines, warnings and results are read from the audit trail. Nobody can type them.
course-caption = Deadlines of “{ $name }”
course-clock = Deadline
course-due = Due
course-rule = Basis
course-heard = Warnings and urgings
course-before = When opened
course-now = Now
course-result = Result
course-from = counted from { $at }
course-moved = { $n ->
    [one] was { $from }, moved once
   *[other] was { $from }, moved { $n } times
}
course-in-time = Done { $at }, in time
course-late = Done { $at }, { $span } late
course-late-anyway = Done { $at }, counts as late
course-running = Running
course-running-late = Running; an earlier day was missed
course-overdue = Not done, { $span } overdue
course-not-begun = Not begun
course-nothing = None
course-between = { "; " }
course-warned = { $at } warned at { $mark }%
course-warned-over = { $at } told it was overdue
course-climbed = { $at } raised to: { $step }
course-answered = { $at } carried out: { $step }
course-urged = { $at } urged on
course-missed = { $clock } (due { $due }): { $outcome }
although-missed = { $name } missed deadlines: { $list }. Whoever still finds that it did its duty must say why; the reason is printed on the clarification.

found-of = { $verdict }: { $text }
found-basis = Basis: { $basis }
found-handling = Handling: { $names }
found-measures = To be put right by { $day }: { $measures }

line-opened = { $who } recorded the opening: decided by { $authority }; consequence: { $consequence }
line-stated = { $side } made a statement ({ $who })
line-stated-late = { $side } made a statement after its time ({ $who })
line-stated-for = { $who } wrote down the statement of { $side }
line-silent = Time for statements over; none from { $names }, which is no admission
line-time-over = Time for statements over
line-found = { $who } wrote the finding: { $side } { $verdict }
line-submitted = { $who } sent the findings for review
line-reviewed = { $who } passed the review
line-sent-back = { $who } sent it back
line-concluded = { $who } signed the conclusion
line-handled = { $who } recorded that the handling of { $side } was carried out
line-measures = { $side } reported its measures done ({ $who })
line-measures-for = { $who } wrote down the report of { $side } on its measures
line-checked = { $who } checked the measures of { $side }: done
line-check-failed = { $who } checked the measures of { $side }: not done
line-extended = { $who } prolonged the inquiry to { $day }
line-called-off = { $who } called it off
line-closed = Everything carried out; closed
line-warned = { $clock }: { $mark }% of the time has passed
line-overdue = { $clock }: overdue
line-asked = { $who } asked for a clarification
line-drafted = { $who } drafted it
line-signed = { $who } signed it: { $number }
line-refused = { $who } refused it
line-issued = Issued by the conclusion of { $case }: { $number }

open-title = Open an accountability case
open-lead = Only after a competent authority has decided so. Say which serious consequence there was and how it is linked with this hazard. Both the rectifying and the supervising side are named.
open-then = The sides then make their statements within the time set; silence is recorded and is no admission.
open-button = Open the case
open-done = The case is open. Each side finds its statement on its list of what is due.
form-authority = Deciding authority
form-authority-hint = What another authority decided is written down here on its behalf, with its document number and a scan
form-authority-name = Name of the authority
form-authority-name-hint = For another authority
form-decision-number = Document number of the decision
form-decision-number-hint = Required for decisions of other authorities
form-consequence = Serious consequence
form-happened-on = Happened on
form-what = What happened
form-what-hint = What happened and how grave it is; no names or contacts of people
form-link = Link with the hazard
form-link-hint = Why failing to rectify or to supervise caused it
form-rectifying = Rectifying side
form-rectifying-hint = The school where the hazard is must be named
form-supervising = Supervising side
form-supervising-hint = Ticked are units that had a deadline by the audit trail, and the central school of the time. Please check
form-papers = Photos of papers
form-papers-hint = The scanned decision, and what shows the consequence
form-papers-state = Required when you write down what came on paper

form-side = Which side
form-state-told = Say the facts and your reasons. Other units do not see your statement.
form-statement = Statement
form-statement-hint = What was done, when, and under which circumstances
form-state = Send the statement
form-facts = Facts
form-facts-hint = What the finding leans on; compare with the deadlines below
form-rules = Rules it is measured by
form-rules-hint = Tick those that applied
form-basis = Basis
form-basis-hint = The clauses, where no rule was ticked
form-basis-more = The rules of the deadlines are listed by themselves; write other clauses here
form-handlings = Handling
form-handlings-hint = None for a side that did its duty. What is done to a person others decide, and is not written here
form-handling = About the handling
form-handling-hint = To which organ it is handed over, or what the other handling is
form-measures = Measures
form-measures-hint = For a side that did not do its duty, or part of it: what has to be put right
form-measures-due = Measures due
form-find = Save the finding
form-submit = Send all findings for review
form-note = Remark
form-note-back = Required when you send back, disagree or refuse
form-review-pass = Pass
form-send-back = Send back
form-conclude-told = Once it is signed, sides that did their duty receive a clarification; for the others, handling and measures begin.
form-document-number = Document number
form-document-number-hint = From the bureau’s office; may be left out, there is an internal number
form-although = Why it did its duty although it was late
form-although-hint = Required where missed deadlines are listed above
form-conclude = Sign the conclusion
form-handled = How it was carried out
form-handled-hint = When and how; no punishment of a person
form-handled-number-hint = Required when it was handed over to the competent organ
form-handle = Record it
form-measures-done = What was done
form-measures-done-hint = One by one
form-report = Send the report
form-check = What you saw
form-check-pass = Done
form-check-fail = Not done, go on
form-why = Reason
form-extend-hint = Only once.
form-extend = Prolong the inquiry
form-call-off-hint = A case opened in error may be called off; the record stays, and all sides see why.
form-call-off = Call it off

ask-title = Ask for a clarification
ask-lead = When something is claimed of the school because of this hazard although it did its duty, the county may be asked to say so. It answers within the time set.
ask-button = Send the request
ask-done = The request was sent. The county office answers in time.
form-purpose = Purpose
form-recipient = For whom
form-recipient-hint = Name of the unit: an insurer, a court, a superior
form-claim = What is claimed
form-claim-hint = What the school is said to be liable for; no names or contacts of people
clarification-title = Clarification: { $name }
form-conclusion = Statement
form-conclusion-hint = What the school did and whether that was its duty. Facts, history and deadlines are listed by themselves
form-draft = Save and send to be signed
form-sign-told = Once signed it is fixed; what happens later does not change the paper.
form-sign = Sign
form-refuse = Refuse

paper-title = Clarification
paper-open = Print the clarification
paper-intro-case = After an accountability inquiry, how { $name } did its duty in the hazard below ({ $number }) is clarified as follows.
paper-intro-asked = At the request of { $name }, how it did its duty in the hazard below is clarified to { $recipient } as follows.
paper-facts = Facts
paper-story = What happened
paper-when = When
paper-happened = What
paper-deadlines = Deadlines of the unit
paper-category = Category
paper-level = Level
paper-what = Hazard
paper-place = Place
paper-found = Found
paper-somebody = somebody of the unit
paper-cleared = The conclusion of { $number } finds: { $name } did its duty and answers for no failure to rectify or to supervise.
paper-although = { $n ->
    [one] The unit missed 1 deadline
   *[other] The unit missed { $n } deadlines
}; why it did its duty all the same: { $why }
paper-signer = Signed by: { $post } { $name }
paper-check = Made from the audit trail up to entry { $position }; digest of its chain { $digest }. It can be compared with the audit trail of the platform.

due-title = Due in accountability
due-count = { $n ->
    [one] 1 thing due in accountability
   *[other] { $n } things due in accountability
}
due-count-late = { $n ->
    [one] 1 thing due in accountability
   *[other] { $n } things due in accountability
}, { $late } overdue
due-line = { $unit }: { $what }, { $act } (by { $day })
due-line-open = { $unit }: { $what }, { $act }
due-column-what = Record
due-column-act = To do
beside-open = Open

problem-accountability-unknown = There is no such case.
problem-accountability-hazard = There is no such hazard, or it is not at that school.
problem-accountability-wrong-stage = It stands at “{ $stage }”, so this cannot be done: { $act }.
problem-accountability-open-already = This hazard has case { $number } already, which is not concluded.
problem-accountability-own-bureau = The bureau does not open a case in which it is a side itself. Choose the county government, the discipline inspection organ or another authority.
problem-accountability-number-missing = Give the document number.
problem-accountability-paper-missing = What is written down on somebody’s behalf needs a photo of the paper.
problem-accountability-school-missing = The school where the hazard is must be on the rectifying side.
problem-accountability-one-side = Choose at least one supervising side: a case looks at both sides.
problem-accountability-both-sides = A unit cannot be on both sides.
problem-accountability-sides-many = At most { $most } units.
problem-accountability-filler = “{ $text }” says nothing. Write the facts.
problem-accountability-no-side = This unit is no side of the case.
problem-accountability-not-your-side = Only somebody who answers for this unit writes for it; what came on paper the county office writes down.
problem-accountability-wrote = Whoever wrote findings makes no statement for a side.
problem-accountability-spoke = Whoever spoke for a side neither finds, nor reviews, nor signs.
problem-accountability-statements-many = A side makes at most { $most } statements.
problem-accountability-basis = Tick the rules it is measured by, or write the clauses.
problem-accountability-rule-unknown = A rule that was ticked is not known here. Tick again.
problem-accountability-done-needs-none = A side that did its duty has neither handling nor measures. Take them out.
problem-accountability-handling-missing = Choose how a side is handled that did not do its duty, or part of it.
problem-accountability-punishment = It says “{ $word }”: what is done to a person the competent organ decides. Write only that it was handed over.
problem-accountability-measures-past = The day { $date } has passed. Choose another.
problem-accountability-findings-missing = Nothing was found yet of: { $units }.
problem-accountability-writer-may-not-review = Whoever wrote the findings does not review them. Somebody else does.
problem-accountability-another-signs = Whoever wrote or reviewed the findings does not sign. Somebody else does.
problem-accountability-although = { $units } missed deadlines. Say why they did their duty all the same.
problem-accountability-handled-already = Nothing is left to be carried out for this unit.
problem-accountability-nothing-owed = This unit has no measures to report.
problem-accountability-nothing-reported = This unit has not reported its measures done.
problem-accountability-another-checks = Whoever reported the measures does not check them. Somebody else does.
problem-accountability-extended-once = The inquiry is prolonged only once.
problem-accountability-case-open = Somebody is being held to account for this hazard. It is not withdrawn before the conclusion is signed or the case called off.
problem-clarification-unknown = There is no such clarification.
problem-clarification-wrong-stage = It stands at “{ $stage }”, so this cannot be done: { $act }.
problem-clarification-open-already = A clarification was asked for and is not answered yet.
problem-clarification-another-signs = Whoever drafted it neither signs it nor sends it back. Somebody else does.
problem-clarification-although = The unit missed { $n } deadlines. Say before you sign why it did its duty all the same.

# Cases and clarifications on a school's page
panel-all-cases = All cases
panel-no-case = No open case.
panel-all-clarifications = All clarifications
panel-no-clarification = No clarification.
