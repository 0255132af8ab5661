# The pages' English texts.
# Every text stands in cy.ftl too, with the same arguments; the build refuses anything else.

## Every page

service-name = Dolen
skip = Skip to the main content
menu = Menu
menu-home = Home
menu-work = Work
menu-surveys = Surveys
menu-mail = Mail
menu-people = People
language = Language
signed-in-as = Signed in as
sign-out = Sign out
footer = { $council } runs this service.
back-label = Back
next = Next page
error-prefix = Error:
error-title = There is a problem
day-and-hour = { $day } at { $hour }
span = { $from } to { $to }
somebody = a member of staff
a-schools-system = the school's system

## What was done, or was not

done-title = Success
not-done-title = Important
done-signed-out = You have signed out.
done-consented = The system may act for the school from now on.
done-consent-withdrawn = The system can do nothing for the school any more.
menu-systems = Systems
systems-title = Systems that may act for the school
systems-about = A system can send and read for the school only while the school consents. A withdrawal counts from the system's next request.
systems-none = No system is set up for this school.
systems-consents = The school has consented since { $day }.
systems-no-consent = The school does not consent: the system can do nothing here.
systems-consent = Consent to { $name }
systems-withdraw = Withdraw consent to { $name }
done-accepted = The referral has been accepted.
done-asked = Your question has been sent to the school.
done-answered = Your answer has been sent to the service.
done-declined = The referral has been declined.
done-redirected = The referral has been passed to another service.
done-acknowledged = You have acknowledged the record.
done-person-gone = The person can no longer sign in.
done-factor-reset = The authenticator app was taken away. The person adds a new one when they sign in next.
done-role-ended = The role has ended, and so have the person's sessions.
done-role-confirmed = The role is in force.
done-invitation-accepted = You have accepted. Sign in to go on.
done-invited = The invitation is on its way.
done-absence-set = Your absence has been saved.
done-language-set = Your language has been saved.
done-sessions-ended = The sessions have ended.
done-password-changed = Your password has been changed. Your other sessions have ended.
not-done-changed = This record changed after you opened it, so nothing was done. Look at it again before you decide.

## Signing in

sign-in = Sign in
sign-in-about = For people at schools and in the authority who have an account.
email = E-mail address
password = Password
sign-in-email-missing = Enter your e-mail address
sign-in-password-missing = Enter your password
sign-in-wrong = The e-mail address or the password is not right
sign-in-locked = { $count ->
    [one] The account is locked after several failed attempts. Try again in 1 minute
   *[other] The account is locked after several failed attempts. Try again in { $count } minutes
}
sign-in-too-many = { $count ->
    [one] Too many attempts. Try again in 1 minute
   *[other] Too many attempts. Try again in { $count } minutes
}
sign-in-ended = Your session has ended. Sign in again to go on. Anything you had typed was not kept.
sign-in-by = Sign in with { $name }
sign-in-here = Or with a password
sign-out-there = You are still signed in to { $name }.
sign-out-of = Sign out of { $name } too

## The first page

home-title = What needs you today
home-no-duties = Nothing here waits for somebody with your role.
show-list = Show
waiting-to-you = Referrals to you that wait for a decision
waiting-to-service = Referrals to your service that wait for a decision
waiting-questions = Questions about your referrals that wait for an answer
waiting-warrn = WARRN records that wait for your acknowledgement
waiting-moved = WARRN records whose child has changed school: hand over
child-moved = Child has changed school: hand over
child-moved-title = The child has changed school
child-moved-hand-over = Look whether it is the same child, then hand the record over. The child is now known at:
child-moved-waits = The record stays with its recipients until the authority's safeguarding lead hands it over. Until then the steps are theirs.
hand-over-title = Hand the record over to the child's school
hand-over-to = It would be handed over to
hand-over-about = The recipients at the old school will no longer see it. The new school's safeguarding person, and its psychologist if that is another, are named and told at once, and acknowledge it anew; where there is none, the authority's safeguarding leads. You will not see it any more, unless you are named there.
hand-over-check = Check with both schools first that it is the same child: a slip in a pupil number must not put the record before another school.
hand-over-confirm = Hand over to { $school }
done-handed-over = The record is handed over, and its new recipients are told.
event-handed-over = Handed over to the child's new school
waiting-surveys = Surveys that are open now

## Words of records

reference = Reference
school = School
service = Service
state = Status
officer = Officer
queue = Queue
received = Received
last-change = Last change
due = Acknowledge by
acknowledged = Acknowledged
not-yet = Not yet
overdue-by = { $count ->
    [0] Overdue since today
    [one] 1 day overdue
   *[other] { $count } days overdue
}
summary = Summary
content = Content
reading-is-recorded = That you have read this is on record.
pupil = Pupil
born-on = Date of birth
upn = Unique pupil number (UPN)
name = Name

## The work list

work-title = Work list
referrals = Referrals
referrals-found = { $count ->
    [0] No referrals
    [one] 1 referral
   *[other] { $count } referrals
}
filter = Filter
any-state = Any status
only-mine = Only those that came to me or that I sent
apply-filter = Apply the filter
filtered-by = Filtered by:
remove-filter = Remove the filter:
pages-of-referrals = Pages of referrals
warrn-records = WARRN records
whole-list = Show the whole work list
no-records = There are no WARRN records for you.
sent-by-you = Sent by you
opened-in-emergency = Opened by you in an emergency
pages-of-records = Pages of WARRN records

## A referral

referral-title = Referral { $reference }
what-you-can-do = What you can do
accept = Accept
answer-link = Answer the question
ask-link = Ask for information
redirect-link = Pass to another service
decline-link = Decline
year-group = Year group
reception = Reception
key-area = Key area
key-area-none = Not chosen
urgency = Urgency
reason = Reason for declining
goes-on-as = Goes on as
why-here = Why it came here
need = What the pupil needs
evidence = What the school has tried
consent = Consent
consent-parent = From a parent
consent-carer = From a carer
consent-young-person = From the young person
notes = Anything more
content-not-shown = Only those who need it for their work with the pupil see the content.
timeline = What happened
by = by { $who }
note-not-shown = Something was written with this, for those who see the content.
event-opened = Received and routed
event-accepted = Accepted
event-info-requested = Information requested
event-answered = Answered
event-declined = Declined
event-redirected = Passed to another service

## What is done with a referral

ask-title = Ask the school for information
ask-label = Your question
ask-hint = The school sees it after signing in. The e-mail to them only says that a question waits.
ask-missing = Write your question
ask-button = Send the question
answer-title = Answer the service's question
answer-label = Your answer
answer-hint = The service sees it with the referral.
answer-missing = Write your answer
answer-button = Send the answer
decline-title = Decline the referral
decline-reason-label = Why do you decline it?
decline-reason-missing = Choose why you decline the referral
decline-note-label = What the school should know
decline-note-hint = Needed only if you choose “Another reason”.
decline-note-missing = Write the reason, because you chose “Another reason”
decline-button = Decline this referral
redirect-title = Pass the referral to another service
redirect-service-label = Which service?
redirect-service-missing = Choose a service
redirect-service-same = Choose a different service: the referral is with this one already
redirect-service-closed = This service takes no referrals now; choose another
redirect-note-label = Note
redirect-note-hint = Optional. The school and the other service see it.
redirect-button = Pass the referral on
text-too-long = Shorten the text to 4,000 characters or fewer
cancel = Cancel and go back to the referral

## A WARRN record

warrn-title = WARRN record { $reference }
named-recipients-only = For the named recipients only
acknowledge-title = Acknowledge that you have this record
acknowledge-by = Acknowledge it before { $due }.
acknowledge = Acknowledge
expected-return = Expected back at school
agreement = Information-sharing agreement
warrn-content-not-shown = Only the named recipients see the content.
recipients = Recipients
recipient-since = Since
recipient-until = Until
as = As
part-dsp = The school's designated safeguarding person
part-ep = The school's educational psychologist
deputy = deputy

## Sending a WARRN record

send-title = Send a WARRN record
send-about = It goes to the school's designated safeguarding person and its educational psychologist; where there is nobody or one is away or late, to a deputy or the authority's safeguarding leads. Afterwards you see how far it got, and no longer what it says.
send-school-choose = Choose a school
send-school-missing = Choose the child's school
given-name = Given name
given-name-missing = Enter the child's given name
family-name = Family name
family-name-missing = Enter the child's family name
born-on-hint = For example, 31 3 2012
born-on-missing = Enter the child's date of birth
born-on-wrong = Enter a real date of birth, in digits: day, month and year
day = Day
month = Month
year = Year
upn-if-known = Unique pupil number (UPN), if you know it
upn-wrong = Enter the 13 characters of the UPN, or leave it empty
send-record = The record
source-missing = Choose where the record comes from
agreement-id = Id of the information-sharing agreement
agreement-missing = Enter the id of the information-sharing agreement
received-on = Day it came to you
received-on-missing = Enter the day it came to you
send-return-hint = Leave it empty if nobody knows yet.
send-summary-about = In words, what the school needs to know. Never a score. Write under at least one heading and leave the others empty; up to 4,000 characters under each.
send-summary-missing = Write something under at least one heading
send-heading-gone = The headings have changed: write it under another
send-button = Send the record
cancel-to-work = Cancel and go back to the work list
done-record-sent = The record has been sent, and its recipients are told.
sent-before = This form was sent before, with other words. Look at your work list first, and send it again only if it is another record
attach-about = Add what belongs to this record. Its recipients can open it; you can't open it again.
done-attached = The document has been added. The record's recipients can open it.

## The return to school

done-step = It is noted.
done-return-moved = The return date is changed, and the due dates with it.
done-return-taken-back = The return is taken back. When the pupil is back, note it again.
text-missing = Write something here
date-missing = Give a date
present-missing = Give the name of at least one who was there
review-attendance-missing = Choose whether the pupil is attending
attendance-missing = Choose how the pupil came back
outcome-missing = Choose how it ended
attendance = How did the pupil come back?
attendance-full-time = Full time
attendance-part-time = Part time for a while
attendance-absent = Not attending
event-received = The record came in
event-return-moved = The return date was changed
event-calendar-changed = The school calendar changed: the times up to the return were counted again
event-return-taken-back = The return was taken back
event-to-deputy = Late: the deputy was told
event-to-leads = Late: the authority's safeguarding leads were told
event-to-nobody = Late, with nobody to tell
event-followed = A recipient left: who holds the post now was told
event-left = A recipient left the school
event-stands-in = The recipient is away: the deputy was told
event-leads-stand-in = The recipient is away: the authority's safeguarding leads were told
event-left-to-leads = A recipient left: the authority's safeguarding leads were told
event-left-to-nobody = A recipient left, with nobody to follow them
event-other = Another change
held-on = Date it was held
agreed-on = Date it was agreed
date-hint = Day, month and year
with-eps = The Educational Psychology Service took part
findings = What was found
findings-hint = In words: what could make the return hard, and what protects. Never a score.
present = Who was there
present-hint = Write the name of each who was there; leave the others empty.
note = Note
note-hint = Optional. Only the named recipients see it.
triggers = Triggers
triggers-hint = What upsets at school.
what-helps = What helps
what-helps-hint = What the pupil can do, and what others can do.
safe-places = Safe places
safe-places-hint = Where the pupil can go.
key-adult = Key adult
key-adult-hint = Whom the pupil turns to, and who is next.
adjustments = Adjustments
adjustments-hint = What is done differently.
review-on = Date to review the plan
timetable = Part-time timetable
timetable-hint = Optional. If there is one, all that is asked below must be given; it is kept as a reduced timetable, with its alarms.
part-time-until = Last day of the part-time timetable
part-time-until-hint = Every part-time timetable has an end.
part-time-from = First day of the part-time timetable
part-time-from-hint = Without it, the day the pupil is expected back; once they are back, the day of the plan. If another timetable runs, today or tomorrow.
part-time-review-on = Review of the part-time timetable
first-day-back = First day back
review-attendance = Is the pupil attending?
take-back-return = Take the return back
take-back-what = Do this when the return was noted by mistake: on the wrong day, of another pupil, or of a pupil who did not come. To correct the day, take it back and note it again.
take-back-reason = Why
take-back-reason-hint = For the record's recipients.
taken-back = Taken back
full-time-since = Full time since
review-note = How it goes
review-note-hint = What works, what has changed. Never a score.
next-on = Next review
next-on-hint = Optional. Otherwise six, then twelve weeks after the return.
outcome = How did it end?
expected-return-hint = Leave it empty if nobody knows any more.
save-step = Save
cancel-record = Cancel and go back to the record
plan-title = Return plan { $reference }
file-title = Notes and timeline { $reference }
return-notes = Notes
no-notes = There are no notes yet.
show-plan = Show the plan to print
show-file = Show the notes and the timeline
steps-title = Steps of the return
step = Step
step-due = By
step-done = Done
step-dropped = Given up
next-steps = What you can do now
change-return-date = Change the expected return date
returned-on = Back since
source = Source
source-camhs-in-reach = CAMHS in-reach worker
source-school-nurse = School nurse
source-other = Another worker of health
returning-title = Back within a week and not acknowledged
returning-waits = Waits for
alerts-title = Records close together
alerts-meaning = Records of two or more children of one school or cluster came within a few weeks. No record can be opened from here.
no-alerts = There are no alerts.
alert-school = School: { $name }
alert-cluster = Cluster: { $name }
alert-records = { $count ->
    [one] 1 record
   *[other] { $count } records
}
menu-alerts = Alerts
menu-reports = Reports
report-title = Returns to school, { $year }
report-about = What became of the records closed in an academic year that is over, for the whole authority. Its reading is recorded.
report-show = Show this year
report-outcomes = How the records ended
report-sustained = Of the pupils who came back: still at school
report-median = Half of the pupils were back after this many school days or fewer
sustained-six = After six weeks
sustained-twelve = After twelve weeks
records-of = Between { $some } and { $of } records
all-records = All records
legend-few-records = Not shown: too few records, or they would give others away
legend-no-records = There are no records
refer-link = Refer the pupil to a service
refer-title = Refer the pupil to a service
refer-about = The pupil and the school are those of the record. Nothing the record says is copied: write only what the service needs to know.
refer-button = Open the referral
year-label = Year group, from 0 (Reception) to 14
year-missing = Give the year group
need-hint = In your own words: what help is asked for.
evidence-hint = For how long, and what changed. Some services ask for it.
consent-none = Nobody yet
consent-on = Date of consent
consent-on-hint = Only if somebody has consented.
event-referred = Referred to a service
done-referred = The referral is open, and the service has been told.
own-steps-title = Your next steps

## Special provision

event-to-recipients = Late: the recipients were told
event-provision-started = Special provision began
event-provision-reviewed = Special provision was reviewed
event-provision-extended = The end of special provision was changed
event-provision-ended = Special provision ended
provision-title = Special provision
provision-none = There is no special provision.
provision-new = Add
provision-review = Note a review
provision-extend = Change the last day
provision-end = End it
provision-choose = Choose one
provision-cancel = Cancel and go back
provision-starts-on = First day
provision-review-on = Next review
provision-ends-on = Last day
provision-ends-on-hint = A reduced timetable must have one, within the longest time the authority allows. For education otherwise than at school: the planned return to school.
provision-next-on-hint = Without a last day there must be a next review.
provision-ended-on = Ended on
provision-plan = Plan
provision-handling-hint = What is agreed for when the child is in danger.
provision-timetable-hint = How the child comes back to full time.
provision-eotas-hint = How the child comes back to school.
provision-techniques = Techniques agreed
provision-techniques-hint = Which, by whom and when.
provision-reason = Reason
provision-reason-hint = Why the child can't follow the whole timetable for now.
provision-extend-hint = Why the last day is changed.
provision-hours = Hours of school a week (for example 12:30)
provision-consent-by = Who consented
provision-consent-on = Date of the consent
provision-placement = Kind of placement
provision-provider = Provider

## Surveys

survey = Survey
academic-year = Academic year
window = Open for answers
window-ahead = Not open yet
window-open = Open
window-over = Closed
open-only = Only those open now are shown.
all-surveys = Show all surveys
no-surveys = There are no surveys.
pages-of-surveys = Pages of surveys
schools-done = Schools that have sent responses: { $some } of { $of }
progress-by-school = Progress by school
school-number = School number
responses = Responses
on-roll = Pupils on roll
rate = Response rate
last-received = Last received
not-known = Not known
nothing-yet = Nothing yet
results = Results
show-results = Show results
your-results = Your school's results
results-by-school = Results by school
results-title = Results: { $school }
results-about = Shares are given as ranges, wider where fewer answered. A question with too few answers is not shown, so that no child can be recognised.
results-carried = { $question } These figures are those of release { $number }: since then some answers to this question have changed, but telling of them could give pupils away.
legend-c = Not shown: too few answers, or it would give other answers away
legend-z = Not asked of these pupils
share = Per cent

## Mail

captured-title = Captured mail
captured-about = This is a trial: messages are kept in a folder and sent to nobody.
no-mail = There are no messages.
subject = Subject
from = From
to = To
written = Written
ledger-title = Delivery of messages
ledger-about = How far each message got. Neither its address nor its text is shown.
attempts = Attempts
finished = Finished
last-problem = Last problem
pages-of-mail = Pages of messages
notice-created = Waiting to be sent
notice-sending = Being sent
notice-delivered = Delivered
notice-temporary = Failed for now; will be tried again
notice-permanent = Refused by the recipient's side
notice-technical = Given up
notice-withdrawn = Withdrawn

## Problems

problem-not-found = Page not found
advice-not-found = If you typed the address, check it. If you followed a link, the record may not be for you or may no longer be there.
advice-forbidden = Ask your administrator if you think you should be allowed to.
advice-csrf = Nothing was done and nothing was kept. Go back, reload the page and try again.
advice-too-many = Wait a minute, then try again.
advice-ours = The fault is ours, and it is recorded. Try again in a few minutes.
advice-back = Go back and try again.
to-home = Go to the first page
request-id = If you report this, quote { $id }.
problem-caption = A problem that the API reports
problem-code = Code
problem-status = HTTP status
problem-about = The answer's request_id names the request in the service's log. A code never changes; treat one you do not know as its status.

## Codes and the account

code = Code from your authenticator app
code-hint = Six digits, or one of your recovery codes. Leave it empty if you have not added an app yet.
code-demo = This is a trial: the code now is { $code }. Each code works once, and a new one comes every 30 seconds.
code-missing = Enter the code from your authenticator app, and your password again
code-wrong = The code is not right, or was used already. Wait for the next one
step-up-title = Confirm that it is you
step-up-about = What you asked for needs a fresh code. It counts for five minutes.
go-on = Continue
account-title = Your account
factor-title = Authenticator app
factor-since = Added on { $day }.
factor-none = You have not added an authenticator app.
factor-other = Use another app or telephone
factor-add = Add an authenticator app
factor-forced = Your role needs an authenticator app. Add one to go on.
factor-about = An app on your telephone or computer shows a new code every 30 seconds. You enter it with your password.
factor-begin = Begin
factor-step-scan = Open your authenticator app and scan this square, or type the letters below it.
factor-qr = QR code for your authenticator app; the same letters stand below
factor-secret = Letters to type:
factor-first-code = The code your app shows now
factor-confirm = Add this app
recovery-title = Your recovery codes
recovery-about = Keep these codes safe, away from your telephone. Each works once in place of the app. They are shown only now; older ones no longer work.
recovery-kept = I have kept them: go on
recovery-new = Make new recovery codes
recovery-left = { $count ->
    [one] You have 1 recovery code left.
   *[other] You have { $count } recovery codes left.
}
password-change = Change your password
password-about = At least 12 characters. Your other sessions will end.
password-old = Your password now
password-new = Your new password
password-choose = Choose a password of at least 12 characters
password-too-short = Enter a password of at least 12 characters
password-old-wrong = That is not your password
sessions-title = Where you are signed in
session-device = Browser and system
session-since = Signed in
session-used = Last used
session-end = End
session-this = This session
session-end-button = End this session
sessions-end-others = End all my other sessions
language-of-mail = Language of e-mails to you
language-both = Welsh and English
save = Save

## Invitations and links

invitation-title = You have been invited
invitation-about = { $name }, you are invited to use this service as:
invitation-then = After you accept, you add an authenticator app, and an administrator confirms your role.
invitation-accept = Accept the invitation
link-title = Sign in with a one-time link
link-about = This link works once. Your old authenticator app and recovery codes stop working, all your sessions end, and you add a new app next. It is on record.
link-follow = Sign in and add a new app

## People

people-title = People
roles = Roles
role = Role
role-confirm = Confirm this role
role-end = End this role
role-school-submitter = School staff who refer
role-dsp = Designated safeguarding person
role-headteacher = Headteacher
role-officer = Officer
role-team-lead = Team lead
role-safeguarding-lead = Safeguarding lead
role-in-reach-worker = In-reach worker
role-analyst = Analyst
role-auditor = Auditor
role-administrator = Administrator
membership-invited = Invited
membership-accepted = Waits for confirmation
membership-confirmed = In force
membership-ended = Ended
person-gone = Can no longer sign in
person-end-sessions = End all sessions
person-reset = Take the authenticator app away
person-deactivate = Let this person go
yes = Yes
invite-title = Invite somebody
invite-about = They get a link that works once, for seven days. Their role counts when another administrator or you have confirmed it.
invite-no-place = None
invite-school-missing = Choose the school of this role
invite-service-missing = Choose the service of this role, or the officer on the contact list
invite-officer = E-mail of the officer on the contact list (only for an officer)
invite-deputy = As a deputy
invite-button = Send the invitation

## Oversight

menu-oversight = Oversight
warning = Warning
step-up-link = Prove your second factor again to see this
content-needs-step-up = The content opens once you have proved your second factor again.
who-has-seen = Who has seen this
emergencies-queue = Emergency accesses to review
emergencies-mine = My emergency accesses
no-emergencies = There are none.
emergency-new = Open a child's records in an emergency
emergency-warning = Do this only when a child would come to harm if you waited for somebody who may see the records.
emergency-rule-hour = One child's records open to you for 60 minutes. You can't make it longer.
emergency-rule-told = Those who hold the records and the safeguarding lead are told at once that it was you.
emergency-rule-review = Somebody else will read your reason and everything you opened, and decide whether it was right.
emergency-reference-label = Reference of one of the child's records
emergency-reference-hint = For example, DL-7K4Q-3M9X
emergency-reference-missing = Enter the reference
emergency-reference-unknown = There is no record with this reference; check it
emergency-reason-label = Why you need to see the records now
emergency-reason-hint = At least 20 characters. It is kept sealed and can't be changed.
emergency-reason-short = Say why in at least 20 characters
emergency-button = Open the records for 60 minutes
emergency-title = Emergency access { $reference }
emergency-in-force = In force
emergency-ended = Ended
emergency-from = From
emergency-until = Until
emergency-unreviewed = Waits for review
emergency-review = Review
emergency-reason = Reason given
emergency-note = Reviewer's note
emergency-records = The child's records
emergency-review-title = Review this access
emergency-outcome-label = What do you make of it?
emergency-outcome-missing = Choose what you make of it
emergency-note-label = Why
emergency-note-hint = It is kept sealed and can't be changed.
emergency-note-missing = Say why
emergency-review-button = Close the review
done-glass-broken = The child's records are open to you for 60 minutes
not-done-glass-broken = You already have an emergency access to this child
done-reviewed = The review is closed
readers-title = Who has seen this
readers-back = Back to the record
readers-about = Every reading is recorded before the record is shown. That you have looked at this list is recorded too.
no-readers = Nobody.
read-at = When
read-by = By
read-by-you = you
read-part = What
read-ground = On what ground
access-report = Unusual reading
access-report-about = Who opened sealed records in the last seven days. It points at what may be worth a question; it proves nothing. The limits are settings.
report-day = Children, 24 hours
report-week = Children, 7 days
report-usual = Usual in a week
report-out-of-hours = Out of hours
report-no-case = No open case
report-emergencies = Emergency
report-flags = Worth a question

## A case: what referrals and WARRN records have in common

case-title = Around { $reference }
case-link = Tasks, people, documents and pauses
case-closed-on = Closed on { $day }
done-kept = Your change has been saved.
case-nothing-yet = Nothing yet.
fill-in = Fill this in
shorter = Shorten this
tasks = Tasks
my-tasks = My tasks
my-tasks-about = What is to be done is shown with the case.
task-add = Add a task for yourself
task-what = What is to be done
task-due = By which day (you may leave this out)
task-day-wrong = Give a day, from today to a year ahead
task-by-day = by { $day }
task-no-day = No day set
task-done-on = done on { $day }
task-complete = Mark as done
people-around = People around the pupil
person-add = Add a person
person-relation = How they stand to the pupil
person-contact = How to reach them (you may leave this out)
person-remark = Anything else, such as the language to speak (you may leave this out)
person-end = No longer involved
person-until = until { $day }
documents = Documents
document-file = Add a document
document-hint = PDF, Word (DOCX), OpenDocument text, JPEG, PNG or plain text.
document-add = Add the document
document-missing = Choose a file
document-kind-wrong = Choose a PDF, DOCX, ODT, JPEG, PNG or text file
document-not-scanned = Not scanned for viruses
kilobytes = { $count } kB
pauses = Pauses
pauses-none = The clocks have not been stopped.
pause-begin = Stop the clocks
pause-reason = Why the clocks stand still
pause-end = Let the clocks go on
pause-lasts = they stand still
waits-about = The clocks of a return don't stop: the date doesn't stand still. What is waited for is noted here. If the child comes back later, change the return date.
waits-none = Nothing is waited for.
wait-begin = Note what is waited for
wait-reason = What is waited for
wait-end = No need to wait any longer
wait-lasts = still waiting
linked-cases = Linked cases
link-led-to = Led to
link-came-from = Came from
link-passed-on-as = Passed on as
link-passed-on-from = Passed on from
link-related = Belongs with
event-person-added = A person was added
event-person-ended = A person is no longer involved
event-task-added = A task was added
event-task-done = A task was done
event-document-added = A document was added
event-paused = The clocks were stopped
event-resumed = The clocks went on
event-wait-begun = It was noted that something is waited for
event-wait-ended = Nothing is waited for any longer

## Retention and subject access
menu-records = Records
menu-subject-access = Subject access
done-disposed = What was due was disposed of. There is a certificate below.
done-records-kept = The change was kept.
done-access-step = The step was taken.
records-title = Keeping and disposing of records
records-about = Nothing of what records say is shown here. What is disposed of can't be had back.
records-over = Records whose time is over
records-nothing-over = There is nothing to dispose of or review.
record-class = Class of record
kept-until = Kept until
keep-five-years = Keep for five more years
may-go = It may go
may-go-waits = One person says that it may go. A second administrator has to agree.
dispose = Dispose for good
retention-rules = Retention rules
kept-for = Kept for
rule-source = Source of the rule
after-birth = after the date of birth
after-closing = after the case was closed
then-review = { "" }, then review
then-destroy = { "" }, then destroy
legal-holds = Legal holds
held-what = What is held
placed-on = Placed on
hold-child = Everything of the child
hold-case = This case
hold-ended = Ended
end-hold = End the hold
place-hold = Place a hold
hold-until = Until (YYYY-MM-DD), if there is a day
hold-reason = Reason
hold-reason-hint = At least 10 characters. It is sealed.
certificates = Certificates
no-certificates = Nothing has been disposed of yet.
certificate-number = Certificate { $number }
access-title = Subject-access requests
no-access-requests = There are no requests yet.
asked-by = Who asks
answer-by = Answer by
access-new = A new request
access-or-reference = or the reference of one of the child's cases
access-received = Received on (YYYY-MM-DD)
access-take-in = Take the request in
access-request = Request { $reference }
access-due = To be answered by { $day }.
access-gather = Gather everything held
access-release = Release the bundle
access-withdraw = Withdraw the request
access-download = Download as { $format }
piece-marked = Names somebody else
piece-choice = Decision on piece
piece-keep = Keep
piece-redact = Take out
piece-decide = Decide on piece
piece-kept = Kept
piece-redacted = Taken out
years-count = { $count ->
    [one] { $count } year
   *[other] { $count } years
}
dispose-confirm = I know that { $count ->
    [one] { $count } record
   *[other] { $count } records
} will be destroyed for good
access-undecided = { $count ->
    [one] { $count } piece waits
   *[other] { $count } pieces wait
} for a decision.
absence-title = When you are away
absence-change = Say when you are away
absence-meaning = WARRN records that come meanwhile go to your deputy from the start. Leave both dates empty if you are not away.
absence-from = First day
absence-from-hint = Day, month and year
absence-until = Last day
absence-until-hint = This day counts too
absence-ends-before = The last day must be today or later, and not before the first
absence-too-long = Give a day within a year

# The survey, for pupils
pupil-title = School survey
pupil-exit = Exit this page
pupil-look-again = Look at this again
pupil-welcome = Hello!
pupil-code-label = Type the code on your piece of paper
pupil-code-hint = Three words and a number. You can type the words in Welsh or in English.
pupil-begin = Go
pupil-code-unknown = Look at your code again: one of the words or the number is not right
pupil-code-spent = This code has been used. Ask your teacher for another
pupil-code-closed = The survey is not open today. Ask your teacher
pupil-code-wait = Many codes have just been typed here. Wait a minute, then press Go
pupil-wrong = Something went wrong
pupil-wrong-about = It is not your fault. Go back and type your code again. You may have to answer the questions again. If this page comes again, tell your teacher.
pupil-wrong-wait = Wait a minute first.
pupil-wrong-back = Back to the code
pupil-about-name = Nobody asks for your name. Nobody can see which answers are yours.
pupil-about-who = Your school and the council see everybody's answers added together.
pupil-about-skip = You can skip any question, and you can stop whenever you want.
pupil-about-help = Nobody will come to help you because of what you answer here. If you need help, tell an adult you trust.
pupil-definition = What bullying means
pupil-start = Start
pupil-choose-one = Choose one answer.
pupil-choose-some = Choose every answer that is right for you.
pupil-choose-or-skip = Choose an answer, or press Skip
pupil-text-names = You can leave this empty. Please don't write anyone's name.
pupil-text-who = An adult at the council reads what you write, on another day. They take out names. After that, your school and the council may read it. Nobody is told who wrote it, but people may guess if you write something only you know.
pupil-text-care = If you write that somebody may be hurt, the adult who keeps children safe at your school is told that somebody in your class, or in your school, wrote this today. They are not told who.
pupil-text-help = Nobody reads this straight away. If you need help now, tell an adult you trust, or ring Childline, free, at any time: 0800 1111.
pupil-text-longest = You can write up to { $longest } letters.
pupil-text-too-long = This is a bit too long. Can you make it shorter? You can write up to { $longest } letters
pupil-text-bad = There is a sign in this that can't be sent. Can you write it in letters?
pupil-care = Thank you for writing that
pupil-care-about = If you, or somebody you know, is having a hard time, you don't have to face it alone. There are people who will listen:
pupil-care-honest = Nobody has read what you wrote. When you send your answers, the adult who keeps children safe at your school is told that somebody wrote something like this, and not who. If you want somebody to help you, please tell them yourself. You can go on with the survey, or stop.
pupil-care-on = Go on with the survey
pupil-care-back = Back to what I wrote
pupil-next = Next
pupil-skip = Skip
pupil-listen = Listen
pupil-back = Back
pupil-end = That was the last question
pupil-end-about = Press Send, and your answers go in with everybody else's. After that they can't be changed.
pupil-send = Send
pupil-thanks = Thank you!
pupil-thanks-about = Your answers are in. Nobody can see which ones are yours.
pupil-help = If something is worrying you
pupil-help-adult = Tell an adult you trust, at home or at school.
pupil-help-meic = In Wales you can ring Meic, free: 080880 23456.
pupil-help-childline = You can ring Childline, free, at any time: 0800 1111.
pupil-next-pupil = Next pupil

# Sheets of pupils' codes
sheets-title = Pupils' codes
sheets-about = Make a sheet for each class. Each pupil gets one code, which is good for one answer. Nobody can see who used which.
sheet-new = A new sheet
sheet-year = Year group
sheet-class = Class
sheet-size = Codes
sheet-make = Make the sheet
sheets-made = Sheets made
sheet-unspent = Not used
sheet-made-on = Made on
sheet-lost = Lost?
sheet-replace = Replace
sheet-voided-on = Called back on { $day }
not-done-sheet = No new sheet was made: this one was called back already, or all its codes are used.
sheet-title = Codes for { $class }
sheet-once = Print this page now: the codes are shown once. If the sheet is lost, replace it.
sheet-pdf = Download as a PDF, with cards to cut out and a page for the teacher
sheet-qr = QR code that opens the survey with this code
sheet-script-days = { $title }. The codes work from { $first } to { $last }.
sheet-script-hand-out = Cut the cards apart, mix them and hand them out at random. Do not note who gets which.
sheet-script-seats = Seat pupils so that nobody can see another’s screen. Nobody looks at a pupil’s screen, adults included. Help with reading only when a pupil asks.
sheet-script-say = Say: “This is about what school is like for you. Nobody can see which answers are yours. You can leave out any question, and stop when you want.”
sheet-script-once = A code is good for one answer. Whoever stops half-way begins again with the same code.
sheet-script-lost = If the sheet is lost, call it back in Dolen and print another one: its unused codes then open nothing.
sheet-script-worry = If a pupil tells you something that worries you, follow the school’s safeguarding procedure.
sheet-script-keep = Keep this sheet locked away until the survey, and destroy the unused cards after it.
sheet-year-wrong = Give a year group that the survey asks, as a number
sheet-class-missing = Say which class it is for
sheet-class-long = Use at most 40 characters
sheet-size-wrong = Give a number of codes from 1 to 60

# A campaign's life
campaign-new = New survey
campaign-make = Make the survey
campaign-title-cy = Name in Welsh
campaign-title-en = Name in English
campaign-title-missing = Write the survey's name
campaign-year-wrong = Write the academic year as 2026/27
campaign-opens-on = First day
campaign-closes-on = Last day
campaign-opens-wrong = Give a first day in the academic year you wrote, or at most a month before or after it
campaign-closes-wrong = Give a last day that is not before the first, in the academic year you wrote or at most a month before or after it
campaign-late-days = Days after that in which schools that have begun may finish
campaign-late-wrong = Write a number of days from 0 to 62
campaign-schools = Which schools take part
campaign-all-schools = Every open school
campaign-primary = Every open primary school
campaign-secondary = Every open secondary and middle school
campaign-listed = These schools
campaign-numbers = Their numbers, if only some schools take part
campaign-numbers-wrong = Write numbers of schools that are in the directory
campaign-first-year = First year group asked (leave both empty for all)
campaign-last-year = Last year group asked
campaign-no-school = Choose schools of which at least one is open on the first day
campaign-years-wrong = Write year groups that the questionnaire is for, the first not after the last
choose-one = Choose one
window-closing = Closing: schools that have begun may finish
stage = How far
stage-owing = Nothing yet
stage-begun = Begun
stage-signed-off = Signed off
stage-nil-return = Nothing to send
sign-off = Sign the survey off
sign-off-answers = Answers that have come: { $number }.
sign-off-roll = Pupils on roll who are asked: { $number }.
sign-off-about = After this no answers are taken from the school, and codes that nobody has used open nothing any more. The authority can open the survey again.
sign-off-answer = What you confirm
sign-off-complete = All our answers are there
sign-off-undo = If something is missing, ask the authority to open the survey again.
signed-off-on = Signed off on { $day }
nil-no-pupils = We have no pupils in the year groups asked
nil-closed = Our school is closed in these weeks
nil-no-part = We are not taking part this year
unlock = Open the school's survey again
unlock-about = The school can send answers until the day you choose, whether it had signed off or the survey is over. Files and rows it sent before it signed off are not recognised any more, and the same file would count twice: it sends only what is missing, or withdraws everything first. The reason is kept.
unlock-until = Until and with
unlock-until-wrong = Choose a day from today to 62 days from now
unlock-reason = Why
unlock-started-late = The school could not begin in time
unlock-fault = Something did not work
unlock-mended = What was sent was wrong
unlock-joined = The school joined late
unlock-other = Another reason that the school and we know of
unlocked-until = Open again until { $day }
done-campaign-made = The survey was made.
done-survey-signed-off = The survey was signed off.
done-survey-reopened = The school's survey is open again.

# Pupils on roll
rolls-set = Set
rolls-about = Write how many pupils of each year group are on roll. Leave a year group empty if the school does not have it. What you save takes the place of what was known before.
rolls-number-wrong = { $year }: write a whole number of pupils from 0 to 20,000, in digits alone
rolls-none = Write the number of pupils of at least one year group
rolls-too-many = Check the numbers: all year groups together come to more than 20,000 pupils
rolls-file = Set rolls from a file
rolls-file-about = Choose an Excel workbook (.xlsx) or a CSV file that has one row for each year group of each school. The first row names these columns and no others, in any order:
rolls-column-school = the school's number
rolls-column-year = the year group as a number, 0 for Reception
rolls-column-pupils = how many pupils of it are on roll
rolls-file-all = The year groups of a school in the file take the place of all that was known of that school before. Schools that are not in the file stay as they are. If anything in the file is wrong, nothing is saved.
rolls-file-wrong = { $count ->
    [one] Nothing was saved. Mend the fault in the table, then choose the file again.
   *[other] Nothing was saved. Mend the { $count } faults in the table, then choose the file again.
}
rolls-file-empty = The file has no rows below the names of the columns
rolls-header = Names of the columns
rolls-column-missing = The first row does not name this column: add it
rolls-school-wrong = Write the school's number, which has seven digits
rolls-school-unknown = No school with this number takes part in this survey: check the number, or take the row out
rolls-year-wrong = Write the year group as a whole number, 0 for Reception
rolls-year-not-asked = This survey does not ask this year group: check it, or take the row out
rolls-year-twice = A row above is of the same school and year group: keep one of the two
rolls-pupils-wrong = Write a whole number of pupils, in digits alone. A school's year groups together come to at most 20,000.
rolls-cells-wrong = This row has more or fewer cells than there are columns: check its separators
done-rolls-set = The school's pupils on roll were set.
done-rolls-set-for = { $count ->
    [one] The pupils on roll of { $count } school were set.
   *[other] The pupils on roll of { $count } schools were set.
}

# Releases of results
releases = Publish results
releases-about = Results are decided all together, so that no child can be found in them, and looked at as somebody would who wanted to find one. Then they are frozen under a number. A correction is another release; it is refused while one to nine answers of a year group differ.
release-number = Number
release-reason = Why
release-day = Day
release-ask = Decide and publish
release-first = The first results of this survey
release-late = Answers came late
release-mended = Answers were mended
release-rolls = Rolls were mended
release-other = Another reason
release-deciding = Being decided: look again in a minute
release-refused = Refused
release-published = Published
release-why = This cell would tell too much:
results-wait = The results are here once the authority has published them.
results-release = Release { $number } of
legend-x = Not available: nothing came
base = Number who answered
heat = Results of all schools
heat-about = Shares are ranges. ▲ and ▼ stand where the whole of a school's range lies above or below the authority's by more than chance makes for a school of its size (95 times of 100).
heat-above = Above the authority
heat-below = Below the authority
done-release-asked = The results are being decided. Look again in a minute.
not-done-release = Nothing was published: a school may still send answers, or a release is being decided.
# A school's answers as a file
bulk-title = Answers as a file
bulk-opened-again = The authority has opened this survey again. Files and rows your school sent before it signed off are not recognised any more: the same file would count twice. Send only what is missing, or withdraw everything first and send it all again.
bulk-about = Send your pupils' answers from another system as an Excel workbook (.xlsx) or a CSV file, one pupil a row. The first row names the columns: year_group, row_key if you have one, and the questions. Never put a pupil's name or number in the file. Nothing is kept before you have seen what is in it.
bulk-file = The file
bulk-file-again = Choose the same file again to send it
bulk-file-sent = The file as you sent it
bulk-file-hint = An Excel workbook (.xlsx) or a CSV file
bulk-check = Check the file
bulk-checked = What is in the file
bulk-good = Rows to be kept
bulk-accepted = Rows kept
bulk-rejected = Rows with faults
bulk-duplicates = Rows known already, left out
bulk-over-roll = There are more rows than pupils on roll. Look whether this is the right file, and tell the authority if the roll is wrong.
bulk-whole-school = The whole school
bulk-on-roll = { $roll } on roll
bulk-years = Rows by year group
bulk-rows = Rows
bulk-faults = What to mend
bulk-row = Row
bulk-column = Column
bulk-mend = How to mend it
bulk-all-faults = Save all faults as a CSV file
bulk-leave-out = Leave the rows with faults out
bulk-leave-out-missing = Mend the rows with faults, or say that they are to be left out
bulk-other-file = This is another file than the one you checked: look at what is in it first
bulk-send = Send the file
bulk-taken = Your file was taken in
bulk-repeated = This file was taken in before; nothing was added
bulk-receipt = Receipt
bulk-digest = SHA-256 of the file
bulk-keep-file = Keep the file unchanged until the school has signed off: to withdraw it, send it again exactly as it is.
bulk-another = Send or withdraw another file
bulk-withdraw-title = Withdraw answers
bulk-withdraw-about = No answer can be traced to a file. To withdraw one, choose exactly the file you sent; to correct one, withdraw it and send the mended file. You can also withdraw everything the school sent.
bulk-withdraw = Withdraw this file
bulk-withdraw-all = Withdraw everything
bulk-withdrawn = Withdrawn
bulk-gone-files = Files
bulk-gone-rows = Rows

# A school's pack
pack-files = Save this report:
pack-both = PDF in Welsh and English
pack-corrected = Release { $number } is a correction: it takes the place of the release before it. Of your school's own figures, those of these questions have changed, for all its pupils or for a year group:
pack-not-corrected = Release { $number } is a correction: it takes the place of the release before it. None of your school's own figures changed.
pack-took-part = { $responses } of { $roll } pupils on roll took part: a response rate of { $rate }%.
pack-took-part-alone = { $responses ->
    [one] 1 pupil took part. How many are on roll is not known, so there is no response rate.
   *[other] { $responses } pupils took part. How many are on roll is not known, so there is no response rate.
}
pack-taken-up = What you took up after the last survey
pack-found = What stands out
pack-nothing = Nothing stands out beyond what chance makes.
pack-chart = Your school beside the authority
pack-chart-bar = { $label }: { $own } in your school, { $compared } in the authority
pack-own = Your school
pack-years = By year group
pack-year = Year { $year }
pack-advice = What to try
pack-help = Who can help:
pack-take-up = We take this up
pack-is-taken-up = The school takes this up.
pack-save = Save what we take up
pack-besides = What you take up besides
pack-tables = All figures
found-funnel = { $question } { $option }: { $own } in your school, { $compared } in the authority. For a school of this size that is more than chance makes (95 times of 100).
found-change = { $question } { $option }: { $own } now, { $compared } in the last survey. That is a rise beyond what chance makes (95 times of 100).
found-most = { $question } Named more often than any other: { $option } ({ $own }).
found-rate = Fewer than half of your pupils on roll took part, so the figures speak for few.
done-advice = What you take up was saved. Your next report begins with it.

# Figures and what they are worth
headlines = The main figures
interval = Interval
interval-about = The interval says within which per cent the share of all such pupils lies, 95 times of 100, if those who answered are as those who did not. A change that lies on both sides of 0 may be none.
change = Change
points = { $from } to { $to } points
not-compared = not comparable
legend-u = Beside a share: fewer than 40 answered, so it is less sure
heat-file = Save this table:

# The authority's annual report
annual = Annual report
annual-title = Bullying survey { $year }: annual report
annual-part = Who took part
annual-part-table = How many took part
annual-of = Schools and pupils
annual-count = Number
annual-asked = Schools asked
annual-signed = Schools that signed their answers off
annual-nil = Schools with nothing to send
annual-answered = Pupils who answered
annual-few = fewer than 5
annual-main = The authority's main figures
annual-out = Schools that stand out
annual-out-table = How many schools stand out
annual-out-about = A school stands out where the whole range of its share lies beyond what chance makes for so many answers (95 times of 100). With many schools a few stand out by chance alone. Schools are not ranked.
annual-above = Above
annual-below = Below
annual-shown = Schools with a figure
annual-groups = By year group, phase and cluster
annual-group = Group
annual-roles = Roles in bullying
annual-roles-about = What pupils' answers to both questions make of them, each at 2 or 3 times a month or more often.
annual-role = Role
annual-roles-table = Pupils in each role
annual-equality = Girls, boys and other groups
annual-equality-about = Told where { $few } or more of a group answered, in three schools or more, and only what would still be true if any 24 pupils had answered otherwise. The shares of one question need not add up.
annual-broad = { $share } of { $base } or more
annual-taken-up = What schools have taken up
annual-taken-up-table = How many schools take up each approach
annual-taking-up = Schools that take something up: { $count }.
annual-taken-up-about = An approach stands here when at least five schools take it up, now or after the survey before.
annual-approach = Approach
annual-all = All figures of the authority
annual-method = How the figures are made
annual-method-ranges = All figures are of one release, which was decided as a whole and never changes. Shares are ranges, and wider where fewer answered; the number who answered is rounded. A figure is not shown where too few answered, or where it would give another away.
annual-method-intervals = Intervals are Wilson's, of 95 per cent. They are reckoned from the published ranges and from the fewest who may have answered, so that they hold wherever in its range a share lies.
annual-method-change = A change is told in points of a hundred with Newcombe's interval, reckoned in the same way, where the same question was shown in both surveys.
annual-method-schools = How many schools were asked is told; any other number of schools is given from five on. No school is named.
questionnaires = Questionnaires
questionnaires-about = Copy a published questionnaire, change the copy, see how pupils would see it, and publish it. A published version never changes. A question's results stay comparable from year to year while it keeps its key (trend), its answers and whom it is asked of.
questionnaire = Questionnaire
questionnaire-code = Code
questionnaire-version = Version
questionnaire-since = Published or last changed
questionnaire-draft = Draft
questionnaire-published = Published
questionnaire-builtin = (comes with Dolen)
questionnaire-copy = Begin a draft
questionnaire-copy-of = A copy of
questionnaire-new-code = Its code: small letters, digits, _ and -. For a next version of your own, the same code
questionnaire-code-wrong = Write 1 to 40 small letters, digits, _ or -
questionnaire-code-taken = Choose another code: this one is taken, or there is a draft of it
questionnaire-draft-about = Surveys can ask it when it is published.
questionnaire-published-about = Surveys may ask it, and it never changes. To ask something else, begin a draft as a copy of it.
questionnaire-preview = As pupils see it: { $band }
questionnaire-preview-about = Every question of this age band, in this language; pupils see one on a page. Nothing can be answered here.
questionnaire-after = Asked only after
questionnaire-file = Download the file (JSON)
questionnaire-flaws = What is wrong with it
questionnaire-fit = Nothing. It can be published.
questionnaire-flawed = It can be published when these are mended
questionnaire-place = Where
questionnaire-whole = The whole
questionnaire-reading = Texts that are hard to read
questionnaire-reading-about = The reading age of the English texts (Flesch–Kincaid) that is above the age of the youngest pupils who read them. There is no such measure for Welsh.
questionnaire-reading-fit = No text is above the age of its youngest readers.
questionnaire-band = Age band
questionnaire-age = Reading age
questionnaire-youngest = Age of the youngest
questionnaire-upload = Change the draft
questionnaire-choose = The changed file
questionnaire-choose-hint = Download the file above, change it, and send it here. Its code and version stay as they are.
questionnaire-send = Send the file
questionnaire-publish = Publish
questionnaire-publish-about = Once published it never changes, and cannot be taken back.
questionnaire-discard = Delete the draft
campaign-instrument = Questionnaire
done-questionnaire-copied = The draft was made.
done-questionnaire-written = The draft was changed.
done-questionnaire-published = The questionnaire was published.
done-questionnaire-discarded = The draft was deleted.
# What pupils wrote, and concerns
concerns-title = Concerns from the survey
concerns-meaning = Somebody in the class named here wrote, on that day, words that say that somebody may be hurt. Nobody can say who, or what was written: pupils were told so. There is one entry for a class and a day, however many wrote. Where few pupils of a class answered, the year group or the school stands here instead.
concerns-do = What to do
concerns-do-class = Make sure on the same day that every pupil of the class hears where help is, and whom they can talk to at school.
concerns-do-not-ask = Don't try to find out who it was, and don't ask the class. Whoever is found that way will not write again.
concerns-do-record = Think of the children of this group you know to be at risk, follow your school's procedure, and write down in your own records what you did.
no-concerns = There are no concerns.
concern-class = Class { $some }, year { $of }
concern-year = Year { $year }, in one of the classes of which few answered
concern-school = One of the classes of which few answered
waiting-concerns = Concerns from the survey that nobody has taken up
waiting-texts = Texts from the survey that nobody has decided on
menu-concerns = Concerns
texts-title = What pupils wrote
texts-none = No text waits. What pupils write can be read here from the next day on.
texts-waiting = { $count ->
    [one] One text waits.
   *[other] { $count } texts wait.
  }
texts-until = What nobody has decided on is deleted after { $day }.
texts-take-out = Take out every name, and whatever else tells who wrote it or whom it is about.
texts-harm = If it says that somebody is being hurt, tell the authority's safeguarding lead before you decide. Once you have decided, what was written can't be read any more.
texts-gone = What you pass is read by the school and the authority with the school's results, if at least 30 of its pupils answered. What you keep back is deleted.
text-edit = The text as it may be read
text-edit-hint = Put […] or [...] in the place of each piece you take out. Nothing else can be changed.
text-named = Words to take out
text-named-hint = With commas between. Each is taken out wherever it stands.
text-pass = Pass the text
text-keep-back = Keep it back and delete it
text-another = Another text
text-only-less = Only take pieces out, each with […] in its place; change nothing else
text-nothing-left = Nothing is left to read: keep the text back
done-concern = The concern was taken up.
done-text-passed = The text was passed.
done-text-kept-back = The text was deleted.
school-texts-title = What pupils wrote: { $school }
school-texts-link = What pupils wrote in their own words
school-texts-about = In no order. […] stands where a name or something else was taken out. Please don't try to find out who wrote what.
school-texts-none = There is nothing to read: nobody wrote anything that could be passed, or fewer than 30 pupils answered.
