#!/usr/bin/env bash
# The whole way from a place to the chamber's register, by hand, against a running demo:
#
#   go run ./cmd/orynda demo            # in one terminal
#   docs/walk.sh                        # in another; or docs/walk.sh http://127.0.0.1:PORT student2@demo.orynda.kz
#
# Needed: bash, curl (7.76 or later) and python3, which only reads JSON and adds days. README.md shows the same commands, part by part.
# A second walk takes another student (student2@…, student3@…): nobody may be trained at two places in the same weeks.
set -euo pipefail

# --- helpers
BASE=${1:-http://127.0.0.1:8080} STUDENT=${2:-student@demo.orynda.kz}

# call TOKEN METHOD PATH [BODY]: one request, without an account where TOKEN is ''; a refusal is shown as it came
call() {
  local args=(-sS --fail-with-body -X "$2" "$BASE$3" -H 'Accept-Language: ru') answer
  if [ -n "$1" ]; then args+=(-H "Authorization: Bearer $1"); fi
  if [ -n "${4:-}" ]; then args+=(-H 'Content-Type: application/json' --data "$4"); fi
  answer=$(curl "${args[@]}") || { echo "$2 $3: $answer" >&2; return 1; }
  printf '%s\n' "$answer"
}

# pick PATH: one value of the JSON that comes in, "items.0.id" for instance; nothing where it isn't
pick() {
  python3 -c '
import json, sys
value = json.load(sys.stdin)
for step in sys.argv[1].split("."):
    try: value = value[int(step)] if isinstance(value, list) else value[step]
    except (KeyError, IndexError): value = ""; break
print(value)' "$1"
}

# in_days N: the day N days from now by the clock of the demo
in_days() {
  call '' GET /demo/clock | pick now | python3 -c '
import datetime, sys
now = datetime.datetime.strptime(sys.stdin.read()[:19], "%Y-%m-%dT%H:%M:%S")
print((now + datetime.timedelta(hours=5, days=int(sys.argv[1]))).date())' "$1"
}

# login EMAIL: an access token for a quarter of an hour
login() { call '' POST /api/v1/auth/login "{\"email\": \"$1\", \"password\": \"orynda-demo\"}" | pick access_token; }

# --- sign in
student=$(login "$STUDENT")
enterprise=$(login hr@saryarqa-energo.demo.orynda.kz)
college=$(login college@karaganda.demo.orynda.kz)
registrar=$(login chamber@karaganda.demo.orynda.kz)
enterprise_id=$(call "$enterprise" GET /api/v1/me | pick memberships.0.organisation.id)
college_id=$(call "$college" GET /api/v1/me | pick memberships.0.organisation.id)

# --- place: the enterprise posts it and publishes it, after all legal checks of this moment
mentor=$(call "$enterprise" GET "/api/v1/enterprises/$enterprise_id/mentors" | pick items.0.id)
qualification=$(call "$student" GET /api/v1/me | pick enrolment.qualification_code)
starts=$(in_days 45) ends=$(in_days 165)
place=$(call "$enterprise" POST /api/v1/placements '{
  "enterprise_id": "'"$enterprise_id"'", "regime": "r50", "level": "worker", "qualification_code": "'"$qualification"'", "seats": 2,
  "title": {"kk": "Электр жабдықтарын жөндеуші", "ru": "Электромонтёр по ремонту оборудования"},
  "summary": {"kk": "Тәлімгермен бірге цех электр жабдықтарын тексеріп, жөндеп, іске қосасыз.", "ru": "Вместе с наставником проверяете, ремонтируете и запускаете электрооборудование цеха."},
  "tasks": {"kk": "Қозғалтқыштарды тексеру, кабель төсеу.", "ru": "Проверка двигателей, прокладка кабеля."},
  "modules": [{"name": {"kk": "Электр жабдықтарын пайдалану", "ru": "Эксплуатация электрооборудования"}, "hours": 300, "enterprise_hours": 200}],
  "workplaces": [{"region": "350000000", "city": "Караганда", "address": "улица Складская, 14", "kind": "workplace"}],
  "apply_by": "'"$(in_days 20)"'", "starts_on": "'"$starts"'", "ends_on": "'"$ends"'", "time_model": "parallel", "weekly_hours": 24,
  "compensation": {"kind": "monthly", "amount": 60000}, "insurance": {"taken": true, "note": "договор страхования"},
  "languages": ["kk", "ru"], "min_age": 16, "mentor_id": "'"$mentor"'", "colleges": ["'"$college_id"'"]}' | pick id)
reference=$(call "$enterprise" POST "/api/v1/placements/$place/publish" | pick reference)
echo "place $reference is published"

# --- search: anybody finds it, by its number, or by a word in a town; it is there within a second
until [ "$(call '' GET "/api/v1/placements?q=$reference" | pick items.0.id)" = "$place" ]; do sleep 0.2; done
curl -sS -G "$BASE/api/v1/placements" --data-urlencode 'q=электромонтер' --data-urlencode 'city=Қарағанды' | pick total

# --- apply
application=$(call "$student" POST "/api/v1/placements/$place/applications" \
  '{"motivation": "Хочу работать по специальности, электрооборудованием занимаюсь с десятого класса.", "answers": []}' | pick id)
echo "application $application"

# --- shortlist: only who is shortlisted may book an interview
call "$enterprise" POST "/api/v1/applications/$application/shortlist" '{}' | pick state

# --- slot: tomorrow at 21:00 in Kazakhstan, outside the working hours for which the demo offers its own
tomorrow=$(in_days 1)
slot=$(call "$enterprise" POST "/api/v1/placements/$place/slots" '{"starts_at": "'"$tomorrow"'T16:00:00Z", "ends_at": "'"$tomorrow"'T16:30:00Z",
  "capacity": 1, "form": "phone", "phone": "+77212000000"}' | pick items.0.id)

# --- book: hold it while reading the details, then take it
call "$student" POST "/api/v1/slots/$slot/holds" '{"application_id": "'"$application"'"}' | pick expires_at
booking=$(call "$student" POST "/api/v1/slots/$slot/bookings" '{"application_id": "'"$application"'"}' | pick id)
call "$student" GET "/api/v1/bookings/$booking/calendar.ics" | grep '^SUMMARY'

# --- clock: two days pass
call '' POST /demo/clock '{"advance": "P2D"}' | pick now

# --- attendance and scorecard
call "$enterprise" POST "/api/v1/bookings/$booking/attendance" '{"outcome": "attended"}' | pick state
call "$enterprise" POST "/api/v1/bookings/$booking/scorecard" \
  '{"criteria": [{"name": "интерес к профессии", "score": 5}, {"name": "знания", "score": 4}], "recommendation": "select"}' | pick recommendation

# --- offer and yes: the yes makes the match and the draft agreement in one step
offer=$(call "$enterprise" POST "/api/v1/applications/$application/offer" '{}' | pick id)
agreement=$(call "$student" POST "/api/v1/offers/$offer/accept" | pick agreement_id)
echo "agreement $agreement"

# --- draft: what is missing, and each side's own part of it
call "$college" GET "/api/v1/agreements/$agreement" | python3 -c 'import json, sys; [print(" missing:", m["field"], m["code"]) for m in json.load(sys.stdin)["missing"]]'
supervisor=$(call "$college" GET "/api/v1/colleges/$college_id/supervisors" | pick items.0.id)
call "$college" PATCH "/api/v1/agreements/$agreement" '{"supervisor_id": "'"$supervisor"'",
  "curriculum": {"title": "Рабочий учебный план", "number": "12-УР", "date": "'"$(in_days -30)"'"},
  "schedule": [
    {"from": "'"$starts"'", "to": "'"$ends"'", "weekdays": [1, 2, 3], "hours_per_day": 6, "where": "enterprise", "day_from": "09:00", "day_to": "16:00"},
    {"from": "'"$starts"'", "to": "'"$ends"'", "weekdays": [4, 5], "hours_per_day": 5, "where": "college"}],
  "plan": [{"name": "ПМ 03 Эксплуатация электрооборудования", "hours": 300, "enterprise_hours": 200}]}' | pick state
call "$enterprise" PATCH "/api/v1/agreements/$agreement" '{"insurance": {"taken": true, "note": "договор страхования"}}' | pick state

# --- ready: all checks, the number, and the one document that everybody signs
call "$college" POST "/api/v1/agreements/$agreement/ready" | pick number
paper=${TMPDIR:-/tmp}/agreement.pdf
curl -sS -o "$paper" "$BASE/api/v1/agreements/$agreement/document" -H "Authorization: Bearer $college"

# --- sign: a code comes by mail and signs exactly this document
newest_code() { call '' GET "/demo/mail?to=$1" | python3 -c 'import json, sys; print(next((m["code"] for m in json.load(sys.stdin)["items"] if m.get("code")), ""))'; }

# sign TOKEN EMAIL signatures|countersignature
sign() {
  local before code revision hash request
  revision=$(call "$1" GET "/api/v1/agreements/$agreement" | pick revision)
  hash=$(call "$1" GET "/api/v1/agreements/$agreement" | pick document_sha256)
  before=$(newest_code "$2") code=$before
  request=$(call "$1" POST /api/v1/signing-codes \
    '{"items": [{"agreement_id": "'"$agreement"'", "revision": '"$revision"', "document_sha256": "'"$hash"'"}]}' | pick signing_request_id)
  while [ "$code" = "$before" ]; do sleep 0.2; code=$(newest_code "$2"); done
  call "$1" POST "/api/v1/agreements/$agreement/$3" '{"revision": '"$revision"', "document_sha256": "'"$hash"'",
    "channel": "code", "signing_request_id": "'"$request"'", "code": "'"$code"'"}' | pick state
}
sign "$enterprise" hr@saryarqa-energo.demo.orynda.kz signatures
sign "$student" "$STUDENT" signatures

# --- countersign: the college last, which concludes the agreement
sign "$college" college@karaganda.demo.orynda.kz countersignature

# --- register
call "$registrar" POST "/api/v1/agreements/$agreement/registration" | pick registration.number

# --- verify: anybody, by the code on the paper and the hash of the file
code=$(call "$student" GET "/api/v1/agreements/$agreement" | pick verification_code)
hash=$(python3 -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$paper")
call '' GET "/api/v1/verify/$code?document_sha256=$hash"
