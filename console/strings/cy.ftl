# The pages' Welsh texts. They await a translator's review.
# Every text stands in en.ftl too, with the same arguments; the build refuses anything else.

## Every page

service-name = Dolen
skip = Neidio i'r prif gynnwys
menu = Dewislen
menu-home = Hafan
menu-work = Gwaith
menu-surveys = Arolygon
menu-mail = E-byst
menu-people = Pobl
language = Iaith
signed-in-as = Wedi mewngofnodi fel
sign-out = Allgofnodi
footer = { $council } sy'n darparu'r gwasanaeth hwn.
back-label = Yn ôl
next = Tudalen nesaf
error-prefix = Gwall:
error-title = Mae problem wedi codi
day-and-hour = { $day } am { $hour }
span = { $from } hyd { $to }
somebody = aelod o staff
a-schools-system = system yr ysgol

## What was done, or was not

done-title = Llwyddiant
not-done-title = Pwysig
done-signed-out = Rydych wedi allgofnodi.
done-consented = Caiff y system weithredu ar ran yr ysgol o hyn ymlaen.
done-consent-withdrawn = Ni all y system wneud dim ar ran yr ysgol mwyach.
menu-systems = Systemau
systems-title = Systemau sy'n cael gweithredu ar ran yr ysgol
systems-about = Dim ond tra bo'r ysgol yn cydsynio y gall system anfon a darllen ar ei rhan. Mae tynnu cydsyniad yn ôl yn cyfrif o gais nesaf y system.
systems-none = Nid oes system wedi'i gosod ar gyfer yr ysgol hon.
systems-consents = Mae'r ysgol wedi cydsynio ers { $day }.
systems-no-consent = Nid yw'r ysgol yn cydsynio: ni all y system wneud dim yma.
systems-consent = Cydsynio i { $name }
systems-withdraw = Tynnu cydsyniad i { $name } yn ôl
done-accepted = Mae'r atgyfeiriad wedi'i dderbyn.
done-asked = Mae eich cwestiwn wedi'i anfon at yr ysgol.
done-answered = Mae eich ateb wedi'i anfon at y gwasanaeth.
done-declined = Mae'r atgyfeiriad wedi'i wrthod.
done-redirected = Mae'r atgyfeiriad wedi'i drosglwyddo i wasanaeth arall.
done-acknowledged = Rydych wedi cydnabod y cofnod.
done-person-gone = Ni all y person fewngofnodi mwyach.
done-factor-reset = Tynnwyd yr ap dilysu. Bydd y person yn ychwanegu un newydd wrth fewngofnodi nesaf.
done-role-ended = Mae'r rôl wedi dod i ben, a sesiynau'r person hefyd.
done-role-confirmed = Mae'r rôl mewn grym.
done-invitation-accepted = Rydych wedi derbyn. Mewngofnodwch i barhau.
done-invited = Mae'r gwahoddiad ar ei ffordd.
done-absence-set = Mae'ch absenoldeb wedi'i gadw.
done-language-set = Mae eich iaith wedi'i chadw.
done-sessions-ended = Mae'r sesiynau wedi dod i ben.
done-password-changed = Mae eich cyfrinair wedi'i newid. Daeth eich sesiynau eraill i ben.
not-done-changed = Newidiodd y cofnod hwn ar ôl i chi ei agor, felly ni wnaed dim. Edrychwch arno eto cyn penderfynu.

## Signing in

sign-in = Mewngofnodi
sign-in-about = I bobl mewn ysgolion ac yn yr awdurdod sydd â chyfrif.
email = Cyfeiriad e-bost
password = Cyfrinair
sign-in-email-missing = Rhowch eich cyfeiriad e-bost
sign-in-password-missing = Rhowch eich cyfrinair
sign-in-wrong = Nid yw'r cyfeiriad e-bost neu'r cyfrinair yn gywir
sign-in-locked = { $count ->
    [two] Mae'r cyfrif wedi'i gloi ar ôl sawl ymgais aflwyddiannus. Rhowch gynnig arall ymhen 2 funud
   *[other] Mae'r cyfrif wedi'i gloi ar ôl sawl ymgais aflwyddiannus. Rhowch gynnig arall ymhen { $count } munud
}
sign-in-too-many = { $count ->
    [two] Gormod o ymdrechion. Rhowch gynnig arall ymhen 2 funud
   *[other] Gormod o ymdrechion. Rhowch gynnig arall ymhen { $count } munud
}
sign-in-ended = Mae eich sesiwn wedi dod i ben. Mewngofnodwch eto i barhau. Ni chadwyd unrhyw beth yr oeddech wedi'i deipio.
sign-in-by = Mewngofnodi gyda { $name }
sign-in-here = Neu gyda chyfrinair
sign-out-there = Rydych yn dal wedi mewngofnodi i { $name }.
sign-out-of = Allgofnodi o { $name } hefyd

## The first page

home-title = Beth sydd angen eich sylw heddiw
home-no-duties = Nid oes dim yma yn aros am rywun yn eich rôl chi.
show-list = Dangos
waiting-to-you = Atgyfeiriadau i chi sy'n aros am benderfyniad
waiting-to-service = Atgyfeiriadau i'ch gwasanaeth sy'n aros am benderfyniad
waiting-questions = Cwestiynau am eich atgyfeiriadau sy'n aros am ateb
waiting-warrn = Cofnodion WARRN sy'n aros i chi eu cydnabod
waiting-moved = Cofnodion WARRN y mae eu plentyn wedi newid ysgol: trosglwyddwch
child-moved = Mae'r plentyn wedi newid ysgol: trosglwyddwch
child-moved-title = Mae'r plentyn wedi newid ysgol
child-moved-hand-over = Gwiriwch ai'r un plentyn ydyw, yna trosglwyddwch y cofnod. Mae'r plentyn yn hysbys bellach yn:
child-moved-waits = Mae'r cofnod yn aros gyda'i dderbynwyr nes i arweinydd diogelu'r awdurdod ei drosglwyddo. Tan hynny, nhw sy'n gyfrifol am y camau.
hand-over-title = Trosglwyddo'r cofnod i ysgol y plentyn
hand-over-to = Byddai'n cael ei drosglwyddo i
hand-over-about = Ni fydd derbynwyr yr hen ysgol yn ei weld mwyach. Enwir person diogelu'r ysgol newydd, a'i seicolegydd os yw'n un arall; dywedir wrthynt ar unwaith, a byddant yn ei gydnabod o'r newydd; lle nad oes neb, arweinwyr diogelu'r awdurdod. Ni fyddwch chi'n ei weld mwyach, oni bai eich bod wedi'ch enwi yno.
hand-over-check = Gwiriwch gyda'r ddwy ysgol yn gyntaf mai'r un plentyn ydyw: rhaid i lithriad mewn rhif disgybl beidio â rhoi'r cofnod gerbron ysgol arall.
hand-over-confirm = Trosglwyddo i { $school }
done-handed-over = Mae'r cofnod wedi'i drosglwyddo, a dywedwyd wrth ei dderbynwyr newydd.
event-handed-over = Trosglwyddwyd i ysgol newydd y plentyn
waiting-surveys = Arolygon sydd ar agor nawr

## Words of records

reference = Cyfeirnod
school = Ysgol
service = Gwasanaeth
state = Statws
officer = Swyddog
queue = Ciw
received = Daeth i law
last-change = Newid diwethaf
due = Cydnabod erbyn
acknowledged = Cydnabuwyd
not-yet = Ddim eto
overdue-by = { $count ->
    [0] Yn hwyr ers heddiw
    [two] 2 ddiwrnod yn hwyr
   *[other] { $count } diwrnod yn hwyr
}
summary = Crynodeb
content = Cynnwys
reading-is-recorded = Mae'r ffaith eich bod wedi darllen hwn wedi'i chofnodi.
pupil = Disgybl
born-on = Dyddiad geni
upn = Rhif unigryw'r disgybl (UPN)
name = Enw

## The work list

work-title = Rhestr waith
referrals = Atgyfeiriadau
referrals-found = { $count ->
    [0] Dim atgyfeiriadau
   *[other] { $count } atgyfeiriad
}
filter = Hidlo
any-state = Unrhyw statws
only-mine = Dim ond y rhai a ddaeth ataf fi neu a anfonais
apply-filter = Cymhwyso'r hidlydd
filtered-by = Wedi'i hidlo yn ôl:
remove-filter = Tynnu'r hidlydd:
pages-of-referrals = Tudalennau o atgyfeiriadau
warrn-records = Cofnodion WARRN
whole-list = Dangos y rhestr waith gyfan
no-records = Nid oes cofnodion WARRN i chi.
sent-by-you = Anfonwyd gennych chi
opened-in-emergency = Agorwyd gennych mewn argyfwng
pages-of-records = Tudalennau o gofnodion WARRN

## A referral

referral-title = Atgyfeiriad { $reference }
what-you-can-do = Beth allwch chi ei wneud
accept = Derbyn
answer-link = Ateb y cwestiwn
ask-link = Gofyn am wybodaeth
redirect-link = Trosglwyddo i wasanaeth arall
decline-link = Gwrthod
year-group = Grŵp blwyddyn
reception = Derbyn
key-area = Maes allweddol
key-area-none = Heb ei ddewis
urgency = Lefel y brys
reason = Rheswm dros wrthod
goes-on-as = Yn parhau fel
why-here = Pam y daeth yma
need = Beth sydd ei angen ar y disgybl
evidence = Beth mae'r ysgol wedi rhoi cynnig arno
consent = Cydsyniad
consent-parent = Gan riant
consent-carer = Gan ofalwr
consent-young-person = Gan y person ifanc
notes = Unrhyw beth arall
content-not-shown = Dim ond y rhai sydd ei angen ar gyfer eu gwaith gyda'r disgybl sy'n gweld y cynnwys.
timeline = Beth ddigwyddodd
by = gan { $who }
note-not-shown = Ysgrifennwyd rhywbeth gyda hyn, i'r rhai sy'n gweld y cynnwys.
event-opened = Daeth i law ac fe'i cyfeiriwyd
event-accepted = Derbyniwyd
event-info-requested = Gofynnwyd am wybodaeth
event-answered = Atebwyd
event-declined = Gwrthodwyd
event-redirected = Trosglwyddwyd i wasanaeth arall

## What is done with a referral

ask-title = Gofyn i'r ysgol am wybodaeth
ask-label = Eich cwestiwn
ask-hint = Bydd yr ysgol yn ei weld ar ôl mewngofnodi. Nid yw'r e-bost ati ond yn dweud bod cwestiwn yn aros.
ask-missing = Ysgrifennwch eich cwestiwn
ask-button = Anfon y cwestiwn
answer-title = Ateb cwestiwn y gwasanaeth
answer-label = Eich ateb
answer-hint = Bydd y gwasanaeth yn ei weld gyda'r atgyfeiriad.
answer-missing = Ysgrifennwch eich ateb
answer-button = Anfon yr ateb
decline-title = Gwrthod yr atgyfeiriad
decline-reason-label = Pam ydych chi'n ei wrthod?
decline-reason-missing = Dewiswch pam rydych yn gwrthod yr atgyfeiriad
decline-note-label = Beth ddylai'r ysgol ei wybod
decline-note-hint = Dim ond os dewiswch “Rheswm arall” y mae ei angen.
decline-note-missing = Ysgrifennwch y rheswm, gan i chi ddewis “Rheswm arall”
decline-button = Gwrthod yr atgyfeiriad hwn
redirect-title = Trosglwyddo'r atgyfeiriad i wasanaeth arall
redirect-service-label = Pa wasanaeth?
redirect-service-missing = Dewiswch wasanaeth
redirect-service-same = Dewiswch wasanaeth gwahanol: mae'r atgyfeiriad gyda'r un hwn yn barod
redirect-service-closed = Nid yw'r gwasanaeth hwn yn derbyn atgyfeiriadau nawr; dewiswch un arall
redirect-note-label = Nodyn
redirect-note-hint = Dewisol. Bydd yr ysgol a'r gwasanaeth arall yn ei weld.
redirect-button = Trosglwyddo'r atgyfeiriad
text-too-long = Byrhewch y testun i 4,000 o nodau neu lai
cancel = Canslo a mynd yn ôl i'r atgyfeiriad

## A WARRN record

warrn-title = Cofnod WARRN { $reference }
named-recipients-only = I'r derbynwyr a enwir yn unig
acknowledge-title = Cydnabod bod y cofnod hwn gennych
acknowledge-by = Cydnabyddwch ef cyn { $due }.
acknowledge = Cydnabod
expected-return = Disgwylir yn ôl yn yr ysgol
agreement = Cytundeb rhannu gwybodaeth
warrn-content-not-shown = Dim ond y derbynwyr a enwir sy'n gweld y cynnwys.
recipients = Derbynwyr
recipient-since = Ers
recipient-until = Hyd
as = Fel
part-dsp = Person diogelu dynodedig yr ysgol
part-ep = Seicolegydd addysg yr ysgol
deputy = dirprwy

## Sending a WARRN record

send-title = Anfon cofnod WARRN
send-about = Bydd yn mynd at berson diogelu dynodedig yr ysgol a'i seicolegydd addysg; lle nad oes neb, neu lle mae un i ffwrdd neu'n hwyr, at ddirprwy neu arweinwyr diogelu'r awdurdod. Wedyn byddwch yn gweld pa mor bell y mae wedi cyrraedd, ond nid beth mae'n ei ddweud mwyach.
send-school-choose = Dewiswch ysgol
send-school-missing = Dewiswch ysgol y plentyn
given-name = Enw cyntaf
given-name-missing = Rhowch enw cyntaf y plentyn
family-name = Cyfenw
family-name-missing = Rhowch gyfenw'r plentyn
born-on-hint = Er enghraifft, 31 3 2012
born-on-missing = Rhowch ddyddiad geni'r plentyn
born-on-wrong = Rhowch ddyddiad geni go iawn, mewn rhifau: dydd, mis a blwyddyn
day = Dydd
month = Mis
year = Blwyddyn
upn-if-known = Rhif unigryw'r disgybl (UPN), os ydych yn ei wybod
upn-wrong = Rhowch 13 nod yr UPN, neu gadewch y blwch yn wag
send-record = Y cofnod
source-missing = Dewiswch o ble y daw'r cofnod
agreement-id = Dynodydd y cytundeb rhannu gwybodaeth
agreement-missing = Rhowch ddynodydd y cytundeb rhannu gwybodaeth
received-on = Y diwrnod y daeth atoch
received-on-missing = Rhowch y diwrnod y daeth atoch
send-return-hint = Gadewch yn wag os nad oes neb yn gwybod eto.
send-summary-about = Mewn geiriau, beth mae angen i'r ysgol ei wybod. Byth sgôr. Ysgrifennwch o dan o leiaf un pennawd a gadewch y lleill yn wag; hyd at 4,000 o nodau o dan bob un.
send-summary-missing = Ysgrifennwch rywbeth o dan o leiaf un pennawd
send-heading-gone = Mae'r penawdau wedi newid: ysgrifennwch hwn o dan un arall
send-button = Anfon y cofnod
cancel-to-work = Canslo a mynd yn ôl i'r rhestr waith
done-record-sent = Mae'r cofnod wedi'i anfon, a dywedir wrth ei dderbynwyr.
sent-before = Anfonwyd y ffurflen hon o'r blaen, gyda geiriau eraill. Edrychwch ar eich rhestr waith yn gyntaf, a'i hanfon eto dim ond os yw'n gofnod arall
attach-about = Ychwanegwch yr hyn sy'n perthyn i'r cofnod hwn. Caiff ei dderbynwyr ei agor; ni allwch chi ei agor eto.
done-attached = Mae'r ddogfen wedi'i hychwanegu. Caiff derbynwyr y cofnod ei hagor.

## The return to school

done-step = Mae wedi'i nodi.
done-return-moved = Mae'r dyddiad dychwelyd wedi'i newid, a'r dyddiadau cau gydag ef.
done-return-taken-back = Mae'r dychweliad wedi'i dynnu'n ôl. Pan fydd y disgybl yn ôl, nodwch hynny eto.
text-missing = Ysgrifennwch rywbeth yma
date-missing = Rhowch ddyddiad
present-missing = Rhowch enw o leiaf un a oedd yno
review-attendance-missing = Dewiswch a yw'r disgybl yn mynychu
attendance-missing = Dewiswch sut y daeth y disgybl yn ôl
outcome-missing = Dewiswch sut y daeth i ben
attendance = Sut y daeth y disgybl yn ôl?
attendance-full-time = Yn llawn amser
attendance-part-time = Yn rhan-amser am gyfnod
attendance-absent = Ddim yn mynychu
event-received = Derbyniwyd y cofnod
event-return-moved = Newidiwyd y dyddiad dychwelyd
event-calendar-changed = Newidiodd calendr yr ysgol: cyfrifwyd yr amserau hyd at ddychwelyd i'r ysgol unwaith eto
event-return-taken-back = Tynnwyd y dychweliad yn ôl
event-to-deputy = Yn hwyr: dywedwyd wrth y dirprwy
event-to-leads = Yn hwyr: dywedwyd wrth arweinwyr diogelu'r awdurdod
event-to-nobody = Yn hwyr, heb neb i ddweud wrthynt
event-followed = Gadawodd derbynnydd: dywedwyd wrth bwy bynnag sydd yn y swydd nawr
event-left = Gadawodd derbynnydd yr ysgol
event-stands-in = Mae'r derbynnydd i ffwrdd: dywedwyd wrth y dirprwy
event-leads-stand-in = Mae'r derbynnydd i ffwrdd: dywedwyd wrth arweinwyr diogelu'r awdurdod
event-left-to-leads = Gadawodd derbynnydd: dywedwyd wrth arweinwyr diogelu'r awdurdod
event-left-to-nobody = Gadawodd derbynnydd, heb neb i'w olynu
event-other = Newid arall
held-on = Dyddiad cynnal
agreed-on = Dyddiad cytuno
date-hint = Dydd, mis a blwyddyn
with-eps = Cymerodd y Gwasanaeth Seicoleg Addysg ran
findings = Yr hyn a ganfuwyd
findings-hint = Mewn geiriau: beth allai wneud dychwelyd yn anodd, a beth sy'n diogelu. Byth sgôr.
present = Pwy oedd yno
present-hint = Ysgrifennwch enw pob un a oedd yno; gadewch y lleill yn wag.
note = Nodyn
note-hint = Dewisol. Dim ond y derbynwyr a enwir sy'n ei weld.
triggers = Sbardunau
triggers-hint = Beth sy'n peri gofid yn yr ysgol.
what-helps = Beth sy'n helpu
what-helps-hint = Beth all y disgybl ei wneud, a beth all eraill ei wneud.
safe-places = Lleoedd diogel
safe-places-hint = I ble y gall y disgybl fynd.
key-adult = Oedolyn allweddol
key-adult-hint = At bwy y mae'r disgybl yn troi, a phwy wedyn.
adjustments = Addasiadau
adjustments-hint = Beth a wneir yn wahanol.
review-on = Dyddiad adolygu'r cynllun
timetable = Amserlen ran-amser
timetable-hint = Dewisol. Os oes un, rhaid rhoi popeth a ofynnir isod; fe'i cedwir fel amserlen lai, gyda'i rhybuddion.
part-time-until = Diwrnod olaf yr amserlen ran-amser
part-time-until-hint = Mae diwedd i bob amserlen ran-amser.
part-time-from = Diwrnod cyntaf yr amserlen ran-amser
part-time-from-hint = Hebddo, y diwrnod y disgwylir y disgybl yn ôl; os yw eisoes yn ôl, diwrnod y cynllun. Os oes amserlen arall ar waith, heddiw neu yfory.
part-time-review-on = Adolygu'r amserlen ran-amser
first-day-back = Diwrnod cyntaf yn ôl
review-attendance = A yw'r disgybl yn mynychu?
take-back-return = Tynnu'r dychweliad yn ôl
take-back-what = Gwnewch hyn os nodwyd y dychweliad trwy gamgymeriad: ar y diwrnod anghywir, am ddisgybl arall, neu am ddisgybl na ddaeth. I gywiro'r diwrnod, tynnwch ef yn ôl a'i nodi eto.
take-back-reason = Pam
take-back-reason-hint = I dderbynwyr y cofnod.
taken-back = Tynnwyd yn ôl
full-time-since = Yn llawn amser ers
review-note = Sut mae'n mynd
review-note-hint = Beth sy'n gweithio, beth sydd wedi newid. Byth sgôr.
next-on = Adolygiad nesaf
next-on-hint = Dewisol. Fel arall, chwech ac yna deuddeg wythnos ar ôl dychwelyd.
outcome = Sut y daeth i ben?
expected-return-hint = Gadewch yn wag os nad oes neb yn gwybod mwyach.
save-step = Cadw
cancel-record = Canslo a mynd yn ôl i'r cofnod
plan-title = Cynllun dychwelyd { $reference }
file-title = Nodiadau a llinell amser { $reference }
return-notes = Nodiadau
no-notes = Nid oes nodiadau eto.
show-plan = Dangos y cynllun i'w argraffu
show-file = Dangos y nodiadau a'r llinell amser
steps-title = Camau'r dychweliad
step = Cam
step-due = Erbyn
step-done = Gwnaed
step-dropped = Rhoddwyd heibio
next-steps = Beth allwch chi ei wneud nawr
change-return-date = Newid y dyddiad dychwelyd disgwyliedig
returned-on = Yn ôl ers
source = Ffynhonnell
source-camhs-in-reach = Gweithiwr mewngymorth CAMHS
source-school-nurse = Nyrs ysgol
source-other = Gweithiwr iechyd arall
returning-title = Yn ôl o fewn wythnos a heb ei gydnabod
returning-waits = Yn aros am
alerts-title = Cofnodion sy'n agos at ei gilydd
alerts-meaning = Daeth cofnodion am ddau blentyn neu fwy o'r un ysgol neu glwstwr o fewn ychydig wythnosau. Ni allwch agor cofnod oddi yma.
no-alerts = Nid oes rhybuddion.
alert-school = Ysgol: { $name }
alert-cluster = Clwstwr: { $name }
alert-records = { $count ->
    [one] 1 cofnod
   *[other] { $count } o gofnodion
}
menu-alerts = Rhybuddion
menu-reports = Adroddiadau
report-title = Dychwelyd i'r ysgol, { $year }
report-about = Beth ddaeth o'r cofnodion a gaewyd mewn blwyddyn academaidd sydd ar ben, ar gyfer yr awdurdod cyfan. Cofnodir pob darlleniad.
report-show = Dangos y flwyddyn hon
report-outcomes = Sut y daeth y cofnodion i ben
report-sustained = O'r disgyblion a ddaeth yn ôl: yn dal yn yr ysgol
report-median = Roedd hanner y disgyblion yn ôl ar ôl cynifer â hyn o ddiwrnodau ysgol neu lai
sustained-six = Ar ôl chwe wythnos
sustained-twelve = Ar ôl deuddeg wythnos
records-of = Rhwng { $some } a { $of } o gofnodion
all-records = Pob cofnod
legend-few-records = Heb ei ddangos: rhy ychydig o gofnodion, neu byddent yn datgelu rhai eraill
legend-no-records = Nid oes cofnodion
refer-link = Atgyfeirio'r disgybl at wasanaeth
refer-title = Atgyfeirio'r disgybl at wasanaeth
refer-about = Disgybl ac ysgol y cofnod yw'r rhain. Ni chaiff dim o'r hyn a ddywed y cofnod ei gopïo: ysgrifennwch yr hyn y mae angen i'r gwasanaeth ei wybod yn unig.
refer-button = Agor yr atgyfeiriad
year-label = Grŵp blwyddyn, o 0 (Derbyn) i 14
year-missing = Rhowch y grŵp blwyddyn
need-hint = Yn eich geiriau eich hun: pa gymorth y gofynnir amdano.
evidence-hint = Am ba hyd, a beth newidiodd. Mae rhai gwasanaethau'n gofyn amdano.
consent-none = Neb eto
consent-on = Dyddiad y cydsyniad
consent-on-hint = Dim ond os oes rhywun wedi cydsynio.
event-referred = Atgyfeiriwyd at wasanaeth
done-referred = Mae'r atgyfeiriad ar agor, a rhoddwyd gwybod i'r gwasanaeth.
own-steps-title = Eich camau nesaf

## Special provision

event-to-recipients = Hwyr: dywedwyd wrth y derbynwyr
event-provision-started = Dechreuodd darpariaeth arbennig
event-provision-reviewed = Adolygwyd darpariaeth arbennig
event-provision-extended = Newidiwyd dyddiad gorffen darpariaeth arbennig
event-provision-ended = Daeth darpariaeth arbennig i ben
provision-title = Darpariaeth arbennig
provision-none = Nid oes darpariaeth arbennig.
provision-new = Ychwanegu
provision-review = Nodi adolygiad
provision-extend = Newid y diwrnod olaf
provision-end = Dod â hi i ben
provision-choose = Dewiswch un
provision-cancel = Canslo a mynd yn ôl
provision-starts-on = Diwrnod cyntaf
provision-review-on = Adolygiad nesaf
provision-ends-on = Diwrnod olaf
provision-ends-on-hint = Rhaid i amserlen lai gael un, o fewn yr amser hiraf y mae'r awdurdod yn ei ganiatáu. Ar gyfer addysg heblaw yn yr ysgol: y dyddiad dychwelyd a gynllunnir.
provision-next-on-hint = Heb ddiwrnod olaf, rhaid cael adolygiad nesaf.
provision-ended-on = Daeth i ben ar
provision-plan = Cynllun
provision-handling-hint = Beth a gytunwyd ar gyfer pan fydd y plentyn mewn perygl.
provision-timetable-hint = Sut y daw'r plentyn yn ôl i amser llawn.
provision-eotas-hint = Sut y daw'r plentyn yn ôl i'r ysgol.
provision-techniques = Technegau a gytunwyd
provision-techniques-hint = Pa rai, gan bwy a phryd.
provision-reason = Rheswm
provision-reason-hint = Pam na all y plentyn ddilyn yr amserlen gyfan am y tro.
provision-extend-hint = Pam y newidiwyd y diwrnod olaf.
provision-hours = Oriau o ysgol yr wythnos (er enghraifft 12:30)
provision-consent-by = Pwy gydsyniodd
provision-consent-on = Dyddiad y cydsyniad
provision-placement = Math o ddarpariaeth
provision-provider = Darparwr

## Surveys

survey = Arolwg
academic-year = Blwyddyn academaidd
window = Ar agor i atebion
window-ahead = Heb agor eto
window-open = Ar agor
window-over = Ar gau
open-only = Dim ond y rhai sydd ar agor nawr a ddangosir.
all-surveys = Dangos pob arolwg
no-surveys = Nid oes arolygon.
pages-of-surveys = Tudalennau o arolygon
schools-done = Ysgolion sydd wedi anfon ymatebion: { $some } o { $of }
progress-by-school = Cynnydd fesul ysgol
school-number = Rhif yr ysgol
responses = Ymatebion
on-roll = Disgyblion ar y gofrestr
rate = Cyfradd ymateb
last-received = Daeth i law ddiwethaf
not-known = Anhysbys
nothing-yet = Dim eto
results = Canlyniadau
show-results = Dangos canlyniadau
your-results = Canlyniadau eich ysgol
results-by-school = Canlyniadau fesul ysgol
results-after = Rhoddir canlyniadau ar ôl diwrnod olaf yr arolwg, { $day }.
results-none = Ni ddaeth atebion i law o'r ysgol hon.
results-title = Canlyniadau: { $school }
results-about = Rhoddir cyfrannau fel ystodau, yn lletach lle'r atebodd llai. Ni ddangosir cwestiwn a gafodd rhy ychydig o atebion, fel na ellir adnabod unrhyw blentyn.
legend = Symbolau
legend-c = Ni ddangosir: rhy ychydig o atebion, neu byddai'n datgelu atebion eraill
legend-z = Ni ofynnwyd i ddisgyblion yr ysgol hon
answers-of = Ateb (rhwng { $some } a { $of } o ddisgyblion)
share = Canran
all-answers = Pob ateb

## Mail

captured-title = E-byst a ddaliwyd
captured-about = Treial yw hwn: cedwir negeseuon mewn ffolder ac ni chânt eu hanfon at neb.
no-mail = Nid oes negeseuon.
subject = Pwnc
from = Oddi wrth
to = At
written = Ysgrifennwyd
ledger-title = Danfon negeseuon
ledger-about = Pa mor bell yr aeth pob neges. Ni ddangosir ei chyfeiriad na'i thestun.
attempts = Ymdrechion
finished = Cwblhawyd
last-problem = Problem ddiwethaf
pages-of-mail = Tudalennau o negeseuon
notice-created = Yn aros i'w hanfon
notice-sending = Wrthi'n cael ei hanfon
notice-delivered = Danfonwyd
notice-temporary = Methodd am y tro; rhoddir cynnig arall arni
notice-permanent = Gwrthodwyd gan ochr y derbynnydd
notice-technical = Rhoddwyd y gorau iddi
notice-withdrawn = Tynnwyd yn ôl

## Problems

problem-not-found = Ni ddaethpwyd o hyd i'r dudalen
advice-not-found = Os gwnaethoch deipio'r cyfeiriad, gwiriwch ef. Os gwnaethoch ddilyn dolen, efallai nad yw'r cofnod i chi neu nad yw yno mwyach.
advice-forbidden = Gofynnwch i'ch gweinyddwr os ydych yn meddwl y dylai fod gennych hawl.
advice-csrf = Ni wnaed dim ac ni chadwyd dim. Ewch yn ôl, ail-lwythwch y dudalen a rhowch gynnig arall.
advice-too-many = Arhoswch funud, yna rhowch gynnig arall.
advice-ours = Ein bai ni yw hwn, ac mae wedi'i gofnodi. Rhowch gynnig arall ymhen ychydig funudau.
advice-back = Ewch yn ôl a rhowch gynnig arall.
to-home = Mynd i'r hafan
request-id = Os ydych yn rhoi gwybod am hyn, dyfynnwch { $id }.
problem-caption = Problem y mae'r API yn ei hadrodd
problem-code = Cod
problem-status = Statws HTTP
problem-about = Mae request_id yr ateb yn enwi'r cais yng nghofnod y gwasanaeth. Nid yw cod byth yn newid; dylech drin un nad ydych yn ei adnabod fel ei statws.

## Codes and the account

code = Cod o'ch ap dilysu
code-hint = Chwe digid, neu un o'ch codau adfer. Gadewch yn wag os nad ydych wedi ychwanegu ap eto.
code-demo = Treial yw hwn: y cod nawr yw { $code }. Mae pob cod yn gweithio unwaith, a daw un newydd bob 30 eiliad.
code-missing = Rhowch y cod o'ch ap dilysu, a'ch cyfrinair eto
code-wrong = Nid yw'r cod yn gywir, neu fe'i defnyddiwyd eisoes. Arhoswch am yr un nesaf
step-up-title = Cadarnhewch mai chi sydd yno
step-up-about = Mae angen cod newydd ar gyfer yr hyn y gofynnoch amdano. Mae'n cyfrif am bum munud.
go-on = Parhau
account-title = Eich cyfrif
factor-title = Ap dilysu
factor-since = Ychwanegwyd ar { $day }.
factor-none = Nid ydych wedi ychwanegu ap dilysu.
factor-other = Defnyddio ap neu ffôn arall
factor-add = Ychwanegu ap dilysu
factor-forced = Mae angen ap dilysu ar gyfer eich rôl. Ychwanegwch un i barhau.
factor-about = Mae ap ar eich ffôn neu gyfrifiadur yn dangos cod newydd bob 30 eiliad. Rydych yn ei roi gyda'ch cyfrinair.
factor-begin = Dechrau
factor-step-scan = Agorwch eich ap dilysu a sganiwch y sgwâr hwn, neu teipiwch y llythrennau oddi tano.
factor-qr = Cod QR ar gyfer eich ap dilysu; mae'r un llythrennau isod
factor-secret = Llythrennau i'w teipio:
factor-first-code = Y cod y mae eich ap yn ei ddangos nawr
factor-confirm = Ychwanegu'r ap hwn
recovery-title = Eich codau adfer
recovery-about = Cadwch y codau hyn yn ddiogel, ar wahân i'ch ffôn. Mae pob un yn gweithio unwaith yn lle'r ap. Dim ond nawr y cânt eu dangos; nid yw'r hen rai'n gweithio mwyach.
recovery-kept = Rwyf wedi'u cadw: parhau
recovery-new = Gwneud codau adfer newydd
recovery-left = { $count ->
    [one] Mae gennych 1 cod adfer ar ôl.
   *[other] Mae gennych { $count } cod adfer ar ôl.
}
password-change = Newid eich cyfrinair
password-about = O leiaf 12 nod. Bydd eich sesiynau eraill yn dod i ben.
password-old = Eich cyfrinair nawr
password-new = Eich cyfrinair newydd
password-choose = Dewiswch gyfrinair o 12 nod o leiaf
password-too-short = Rhowch gyfrinair o 12 nod o leiaf
password-old-wrong = Nid hwnnw yw eich cyfrinair
sessions-title = Ble rydych wedi mewngofnodi
session-device = Porwr a system
session-since = Mewngofnodwyd
session-used = Defnyddiwyd ddiwethaf
session-end = Gorffen
session-this = Y sesiwn hon
session-end-button = Gorffen y sesiwn hon
sessions-end-others = Gorffen fy holl sesiynau eraill
language-of-mail = Iaith e-byst atoch
language-both = Cymraeg a Saesneg
save = Cadw

## Invitations and links

invitation-title = Fe'ch gwahoddwyd
invitation-about = { $name }, fe'ch gwahoddir i ddefnyddio'r gwasanaeth hwn fel:
invitation-then = Ar ôl i chi dderbyn, byddwch yn ychwanegu ap dilysu, a bydd gweinyddwr yn cadarnhau eich rôl.
invitation-accept = Derbyn y gwahoddiad
link-title = Mewngofnodi â dolen un-tro
link-about = Mae'r ddolen hon yn gweithio unwaith. Bydd eich hen ap dilysu a'ch codau adfer yn peidio â gweithio, daw eich holl sesiynau i ben, a byddwch yn ychwanegu ap newydd nesaf. Mae hyn ar gofnod.
link-follow = Mewngofnodi ac ychwanegu ap newydd

## People

people-title = Pobl
roles = Rolau
role = Rôl
role-confirm = Cadarnhau'r rôl hon
role-end = Gorffen y rôl hon
role-school-submitter = Staff ysgol sy'n atgyfeirio
role-dsp = Person diogelu dynodedig
role-headteacher = Pennaeth
role-officer = Swyddog
role-team-lead = Arweinydd tîm
role-safeguarding-lead = Arweinydd diogelu
role-in-reach-worker = Gweithiwr mewngymorth
role-analyst = Dadansoddwr
role-auditor = Archwilydd
role-administrator = Gweinyddwr
membership-invited = Gwahoddwyd
membership-accepted = Yn aros am gadarnhad
membership-confirmed = Mewn grym
membership-ended = Daeth i ben
person-gone = Ni all fewngofnodi mwyach
person-end-sessions = Gorffen pob sesiwn
person-reset = Tynnu'r ap dilysu
person-deactivate = Atal y person hwn
yes = Oes
invite-title = Gwahodd rhywun
invite-about = Byddant yn cael dolen sy'n gweithio unwaith, am saith diwrnod. Bydd eu rôl yn cyfrif pan fyddwch chi neu weinyddwr arall wedi'i chadarnhau.
invite-no-place = Dim
invite-school-missing = Dewiswch ysgol y rôl hon
invite-service-missing = Dewiswch wasanaeth y rôl hon, neu'r swyddog ar y rhestr gyswllt
invite-officer = E-bost y swyddog ar y rhestr gyswllt (i swyddog yn unig)
invite-deputy = Fel dirprwy
invite-button = Anfon y gwahoddiad

## Goruchwyliaeth

menu-oversight = Goruchwyliaeth
warning = Rhybudd
step-up-link = Profwch eich ail ffactor eto i weld hwn
content-needs-step-up = Bydd y cynnwys yn agor ar ôl i chi brofi eich ail ffactor eto.
who-has-seen = Pwy sydd wedi gweld hwn
emergencies-queue = Mynediadau brys i'w hadolygu
emergencies-mine = Fy mynediadau brys
no-emergencies = Nid oes yr un.
emergency-new = Agor cofnodion plentyn mewn argyfwng
emergency-warning = Gwnewch hyn dim ond os byddai plentyn yn dod i niwed pe baech yn aros am rywun sydd â hawl i weld y cofnodion.
emergency-rule-hour = Bydd cofnodion un plentyn ar agor i chi am 60 munud. Ni allwch ymestyn yr amser.
emergency-rule-told = Dywedir ar unwaith wrth y rhai sy'n dal y cofnodion ac wrth yr arweinydd diogelu mai chi oedd hyn.
emergency-rule-review = Bydd rhywun arall yn darllen eich rheswm a phopeth a agoroch, ac yn penderfynu a oedd yn iawn.
emergency-reference-label = Cyfeirnod un o gofnodion y plentyn
emergency-reference-hint = Er enghraifft, DL-7K4Q-3M9X
emergency-reference-missing = Rhowch y cyfeirnod
emergency-reference-unknown = Nid oes cofnod â'r cyfeirnod hwn; gwiriwch ef
emergency-reason-label = Pam mae angen i chi weld y cofnodion nawr
emergency-reason-hint = O leiaf 20 nod. Cedwir ef dan sêl ac ni ellir ei newid.
emergency-reason-short = Dywedwch pam mewn o leiaf 20 nod
emergency-button = Agor y cofnodion am 60 munud
emergency-title = Mynediad brys { $reference }
emergency-in-force = Mewn grym
emergency-ended = Wedi dod i ben
emergency-from = O
emergency-until = Tan
emergency-unreviewed = Yn aros am adolygiad
emergency-review = Adolygiad
emergency-reason = Y rheswm a roddwyd
emergency-note = Nodyn yr adolygydd
emergency-records = Cofnodion y plentyn
emergency-review-title = Adolygu'r mynediad hwn
emergency-outcome-label = Beth yw eich barn?
emergency-outcome-missing = Dewiswch eich barn
emergency-note-label = Pam
emergency-note-hint = Cedwir ef dan sêl ac ni ellir ei newid.
emergency-note-missing = Dywedwch pam
emergency-review-button = Cau'r adolygiad
done-glass-broken = Mae cofnodion y plentyn ar agor i chi am 60 munud
not-done-glass-broken = Mae gennych fynediad brys i'r plentyn hwn eisoes
done-reviewed = Mae'r adolygiad wedi'i gau
readers-title = Pwy sydd wedi gweld hwn
readers-back = Yn ôl at y cofnod
readers-about = Cofnodir pob darlleniad cyn dangos y cofnod. Cofnodir hefyd eich bod wedi edrych ar y rhestr hon.
no-readers = Neb.
read-at = Pryd
read-by = Gan
read-by-you = chi
read-part = Beth
read-ground = Ar ba sail
access-report = Darllen anarferol
access-report-about = Pwy agorodd gofnodion dan sêl yn y saith diwrnod diwethaf. Mae'n dangos yr hyn a allai haeddu cwestiwn; nid yw'n profi dim. Gosodiadau yw'r terfynau.
report-day = Plant, 24 awr
report-week = Plant, 7 diwrnod
report-usual = Arfer mewn wythnos
report-out-of-hours = Y tu allan i oriau
report-no-case = Heb achos agored
report-emergencies = Brys
report-flags = Yn haeddu cwestiwn

## Achos: yr hyn sydd gan atgyfeiriadau a chofnodion WARRN yn gyffredin

case-title = O amgylch { $reference }
case-link = Tasgau, pobl, dogfennau a seibiau
case-closed-on = Caewyd ar { $day }
done-kept = Mae eich newid wedi'i gadw.
case-nothing-yet = Dim byd eto.
fill-in = Llenwch hwn
shorter = Byrhewch hwn
tasks = Tasgau
my-tasks = Fy nhasgau
my-tasks-about = Dangosir yr hyn sydd i'w wneud gyda'r achos.
task-add = Ychwanegu tasg i chi'ch hun
task-what = Beth sydd i'w wneud
task-due = Erbyn pa ddiwrnod (gallwch hepgor hwn)
task-day-wrong = Rhowch ddiwrnod, o heddiw hyd at flwyddyn ymlaen
task-by-day = erbyn { $day }
task-no-day = Dim diwrnod wedi'i osod
task-done-on = wedi'i gwneud ar { $day }
task-complete = Nodi fel wedi'i gwneud
people-around = Pobl o amgylch y disgybl
person-add = Ychwanegu person
person-relation = Eu perthynas â'r disgybl
person-contact = Sut i gysylltu â nhw (gallwch hepgor hwn)
person-remark = Unrhyw beth arall, fel yr iaith i'w siarad (gallwch hepgor hwn)
person-end = Ddim yn gysylltiedig mwyach
person-until = tan { $day }
documents = Dogfennau
document-file = Ychwanegu dogfen
document-hint = PDF, Word (DOCX), testun OpenDocument, JPEG, PNG neu destun plaen.
document-add = Ychwanegu'r ddogfen
document-missing = Dewiswch ffeil
document-kind-wrong = Dewiswch ffeil PDF, DOCX, ODT, JPEG, PNG neu destun
document-not-scanned = Heb ei sganio am firysau
kilobytes = { $count } kB
pauses = Seibiau
pauses-none = Nid yw'r clociau wedi'u stopio.
pause-begin = Stopio'r clociau
pause-reason = Pam mae'r clociau'n sefyll
pause-end = Gadael i'r clociau fynd ymlaen
pause-lasts = maent yn sefyll
waits-about = Nid yw clociau'r dychweliad yn stopio: nid yw'r dyddiad yn aros. Nodir yma beth y disgwylir amdano. Os bydd y plentyn yn dychwelyd yn hwyrach, newidiwch y dyddiad dychwelyd.
waits-none = Nid oes dim yn cael ei ddisgwyl.
wait-begin = Nodi beth y disgwylir amdano
wait-reason = Beth y disgwylir amdano
wait-end = Nid oes angen disgwyl mwyach
wait-lasts = disgwylir o hyd
linked-cases = Achosion cysylltiedig
link-led-to = Arweiniodd at
link-came-from = Daeth o
link-passed-on-as = Trosglwyddwyd fel
link-passed-on-from = Trosglwyddwyd o
link-related = Yn perthyn i
event-person-added = Ychwanegwyd person
event-person-ended = Nid yw person yn gysylltiedig mwyach
event-task-added = Ychwanegwyd tasg
event-task-done = Gwnaed tasg
event-document-added = Ychwanegwyd dogfen
event-paused = Stopiwyd y clociau
event-resumed = Aeth y clociau ymlaen
event-wait-begun = Nodwyd bod rhywbeth yn cael ei ddisgwyl
event-wait-ended = Nid oes angen disgwyl mwyach

## Cadw cofnodion a cheisiadau am wybodaeth
menu-records = Cadw cofnodion
menu-subject-access = Ceisiadau am wybodaeth
done-disposed = Gwaredwyd yr hyn oedd i'w waredu. Mae tystysgrif isod.
done-records-kept = Cadwyd y newid.
done-access-step = Gwnaed y cam.
records-title = Cadw a gwaredu cofnodion
records-about = Ni ddangosir dim o gynnwys y cofnodion yma. Ni ellir adfer yr hyn a waredir.
records-over = Cofnodion y daeth eu hamser i ben
records-nothing-over = Nid oes dim i'w waredu nac i'w adolygu.
record-class = Math o gofnod
kept-until = I'w gadw tan
keep-five-years = Cadw am bum mlynedd arall
may-go = Gellir ei waredu
may-go-waits = Mae un person yn dweud y gellir ei waredu. Rhaid i ail weinyddwr gytuno.
dispose = Gwaredu am byth
retention-rules = Rheolau cadw
kept-for = I'w gadw am
rule-source = Ffynhonnell y rheol
after-birth = ar ôl y dyddiad geni
after-closing = ar ôl cau'r achos
then-review = { "" }, yna adolygu
then-destroy = { "" }, yna gwaredu
legal-holds = Ataliadau cyfreithiol
held-what = Beth sy'n cael ei ddal
placed-on = Gosodwyd ar
hold-child = Popeth am y plentyn
hold-case = Yr achos hwn
hold-ended = Wedi dod i ben
end-hold = Dod â'r ataliad i ben
place-hold = Gosod ataliad
hold-until = Tan ddyddiad (BBBB-MM-DD), os oes un
hold-reason = Rheswm
hold-reason-hint = O leiaf 10 nod. Caiff ei selio.
certificates = Tystysgrifau
no-certificates = Nid oes dim wedi'i waredu eto.
certificate-number = Tystysgrif { $number }
access-title = Ceisiadau gwrthrych am wybodaeth
no-access-requests = Nid oes ceisiadau eto.
asked-by = Pwy sy'n gofyn
answer-by = I'w ateb erbyn
access-new = Cais newydd
access-or-reference = neu gyfeirnod un o achosion y plentyn
access-received = Dyddiad derbyn (BBBB-MM-DD)
access-take-in = Derbyn y cais
access-request = Cais { $reference }
access-due = I'w ateb erbyn { $day }.
access-gather = Casglu popeth a gedwir
access-release = Rhyddhau'r pecyn
access-withdraw = Tynnu'r cais yn ôl
access-download = Lawrlwytho fel { $format }
piece-marked = Yn enwi rhywun arall
piece-choice = Penderfyniad ar ddarn
piece-keep = Cadw
piece-redact = Tynnu allan
piece-decide = Penderfynu ar ddarn
piece-kept = Wedi'i gadw
piece-redacted = Wedi'i dynnu allan
years-count = { $count } o flynyddoedd
dispose-confirm = Deallaf y caiff { $count } o gofnodion eu dinistrio am byth
access-undecided = Mae { $count } o ddarnau'n aros am benderfyniad.
absence-title = Pan fyddwch i ffwrdd
absence-change = Dweud pryd y byddwch i ffwrdd
absence-meaning = Bydd cofnodion WARRN a ddaw yn y cyfamser yn mynd at eich dirprwy o'r cychwyn. Gadewch y ddau ddyddiad yn wag os nad ydych i ffwrdd.
absence-from = Y diwrnod cyntaf
absence-from-hint = Diwrnod, mis a blwyddyn
absence-until = Y diwrnod olaf
absence-until-hint = Mae'r diwrnod hwn yn cael ei gyfrif hefyd
absence-ends-before = Rhaid i'r diwrnod olaf fod heddiw neu wedyn, ac nid cyn y cyntaf
absence-too-long = Rhowch ddiwrnod o fewn blwyddyn

# The survey, for pupils (for review by a translator)
pupil-title = Arolwg ysgol
pupil-exit = Gadael y dudalen hon
pupil-look-again = Edrych ar hyn eto
pupil-welcome = Helô!
pupil-code-label = Teipia'r cod sydd ar dy ddarn o bapur
pupil-code-hint = Tri gair a rhif. Cei deipio'r geiriau yn Gymraeg neu yn Saesneg.
pupil-begin = Ymlaen
pupil-code-unknown = Edrycha ar dy god eto: nid yw un o'r geiriau neu'r rhif yn gywir
pupil-code-spent = Mae'r cod hwn wedi cael ei ddefnyddio. Gofynna i dy athro am un arall
pupil-code-closed = Nid yw'r arolwg ar agor heddiw. Gofynna i dy athro
pupil-about-name = Nid oes neb yn gofyn am dy enw. Ni all neb weld pa atebion yw dy rai di.
pupil-about-who = Mae dy ysgol a'r cyngor yn gweld atebion pawb gyda'i gilydd.
pupil-about-skip = Cei hepgor unrhyw gwestiwn, a chei stopio pryd bynnag y mynni.
pupil-about-help = Ni fydd neb yn dod i dy helpu oherwydd yr hyn rwyt ti'n ei ateb yma. Os oes angen help arnat, dywed wrth oedolyn rwyt ti'n ymddiried ynddo.
pupil-definition = Beth yw bwlio
pupil-start = Dechrau
pupil-choose-one = Dewisa un ateb.
pupil-choose-some = Dewisa bob ateb sy'n iawn i ti.
pupil-choose-or-skip = Dewisa ateb, neu pwysa Hepgor
pupil-next = Nesaf
pupil-skip = Hepgor
pupil-back = Yn ôl
pupil-end = Dyna'r cwestiwn olaf
pupil-end-about = Pwysa Anfon, a bydd dy atebion yn mynd i mewn gydag atebion pawb arall. Ar ôl hynny ni ellir eu newid.
pupil-send = Anfon
pupil-thanks = Diolch!
pupil-thanks-about = Mae dy atebion wedi cyrraedd. Ni all neb weld pa rai yw dy rai di.
pupil-help = Os oes rhywbeth yn dy boeni
pupil-help-adult = Dywed wrth oedolyn rwyt ti'n ymddiried ynddo, gartref neu yn yr ysgol.
pupil-help-meic = Yng Nghymru cei ffonio Meic, am ddim: 080880 23456.
pupil-help-childline = Cei ffonio Childline, am ddim, unrhyw bryd: 0800 1111.
pupil-next-pupil = Disgybl nesaf

# Sheets of pupils' codes (for review by a translator)
sheets-title = Codau disgyblion
sheets-about = Gwnewch ddalen i bob dosbarth. Mae pob disgybl yn cael un cod, sy'n dda am un ateb. Ni all neb weld pwy a ddefnyddiodd ba un.
sheet-new = Dalen newydd
sheet-year = Grŵp blwyddyn
sheet-class = Dosbarth
sheet-size = Codau
sheet-make = Gwneud y ddalen
sheets-made = Dalennau a wnaed
sheet-unspent = Heb eu defnyddio
sheet-made-on = Gwnaed ar
sheet-lost = Ar goll?
sheet-replace = Cyfnewid
sheet-voided-on = Galwyd yn ôl ar { $day }
sheet-title = Codau ar gyfer { $class }
sheet-once = Argraffwch y dudalen hon nawr: dangosir y codau unwaith. Os collir y ddalen, cyfnewidiwch hi.
sheet-year-wrong = Rhowch grŵp blwyddyn y mae'r arolwg yn ei holi, fel rhif
sheet-class-missing = Dywedwch ar gyfer pa ddosbarth y mae
sheet-class-long = Defnyddiwch 40 nod ar y mwyaf
sheet-size-wrong = Rhowch nifer y codau, o 1 i 60

# A school's answers as a file
bulk-title = Atebion mewn ffeil
bulk-about = Anfonwch atebion eich disgyblion o system arall fel llyfr gwaith Excel (.xlsx) neu ffeil CSV, un disgybl i bob rhes. Mae'r rhes gyntaf yn enwi'r colofnau: year_group, row_key os oes un gennych, a'r cwestiynau. Peidiwch byth â rhoi enw na rhif disgybl yn y ffeil. Ni chedwir dim cyn i chi weld beth sydd ynddi.
bulk-file = Y ffeil
bulk-file-again = Dewiswch yr un ffeil eto i'w hanfon
bulk-file-sent = Y ffeil fel yr anfonoch hi
bulk-file-hint = Llyfr gwaith Excel (.xlsx) neu ffeil CSV
bulk-check = Gwirio'r ffeil
bulk-checked = Beth sydd yn y ffeil
bulk-good = Rhesi i'w cadw
bulk-accepted = Rhesi a gadwyd
bulk-rejected = Rhesi â gwallau
bulk-duplicates = Rhesi hysbys eisoes, wedi'u hepgor
bulk-years = Rhesi fesul grŵp blwyddyn
bulk-rows = Nifer y rhesi
bulk-faults = Beth i'w gywiro
bulk-row = Rhes
bulk-column = Colofn
bulk-mend = Sut i'w gywiro
bulk-all-faults = Cadw'r holl wallau fel ffeil CSV
bulk-leave-out = Hepgor y rhesi â gwallau
bulk-leave-out-missing = Cywirwch y rhesi â gwallau, neu dywedwch eu bod i'w hepgor
bulk-other-file = Mae hon yn ffeil wahanol i'r un a wiriwyd gennych: edrychwch ar beth sydd ynddi yn gyntaf
bulk-send = Anfon y ffeil
bulk-taken = Derbyniwyd eich ffeil
bulk-repeated = Derbyniwyd y ffeil hon o'r blaen; nid ychwanegwyd dim
bulk-receipt = Derbynneb
bulk-digest = SHA-256 y ffeil
bulk-keep-file = Cadwch y ffeil heb ei newid nes bod yr ysgol wedi cymeradwyo'r atebion: i'w thynnu'n ôl, anfonwch hi eto yn union fel y mae.
bulk-another = Anfon ffeil arall neu dynnu un yn ôl
bulk-withdraw-title = Tynnu atebion yn ôl
bulk-withdraw-about = Ni ellir olrhain yr un ateb i ffeil. I dynnu un yn ôl, dewiswch yn union y ffeil a anfonoch; i gywiro un, tynnwch hi yn ôl ac anfonwch y ffeil wedi'i chywiro. Gallwch hefyd dynnu'n ôl bopeth a anfonodd yr ysgol.
bulk-withdraw = Tynnu'r ffeil hon yn ôl
bulk-withdraw-all = Tynnu popeth yn ôl
bulk-withdrawn = Wedi'u tynnu'n ôl
bulk-gone-files = Ffeiliau
bulk-gone-rows = Rhesi
