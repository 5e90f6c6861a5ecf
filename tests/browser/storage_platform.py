"""A platform that has a storage for tools: « LTI postMessage Storage » 0.1, in 1EdTech's words.

Its pages are ``/cours/<n>?personne=<sub>&stockage=<where>`` where ``stockage`` is ``_parent`` (the
course page itself answers), ``freres`` (a frame beside the tool does, found by its name), ``muet``
(announced, never answering) or ``autre`` (answering for another tool's keys only: it kept nothing).
Data is kept for each origin that put it, as the specification wants.
"""

from __future__ import annotations

import json
from html import escape
from typing import Any

from flask import Flask, request

from lti_tool import clock
from tests.security.forge import launch_claims, sign

PEOPLE = {
    "41": "Séverine Fictive",
    "42": "Awa Fictive-Stockage",
    "43": "Moussa Fictif",
    "44": "Ndèye Fictive",
}
COURSES = {"1": ("2", "ADL-01 Communication"), "7": ("9", "ADL-07 Podcast")}
STORAGE = """
const kept = new Map();
const asked = [];
window.asked = asked;
addEventListener("message", (event) => {
  const said = event.data;
  if (!said || typeof said.subject !== "string" || !said.subject.startsWith("lti.")) return;
  asked.push({ subject: said.subject, origin: event.origin, key: said.key || "" });
  if (MODE === "muet") return;
  const answer = { subject: said.subject + ".response", message_id: said.message_id };
  const mine = kept.get(event.origin) || new Map();
  kept.set(event.origin, mine);
  if (said.subject === "lti.capabilities") {
    const frame = MODE === "freres" ? { frame: "stockage" } : {};
    answer.supported_messages = ["lti.capabilities", "lti.put_data", "lti.get_data"].map(
      (subject) => ({ subject, ...(subject === "lti.capabilities" ? {} : frame) }));
  } else if (said.subject === "lti.put_data") {
    if (said.value === null) mine.delete(said.key);
    else if (MODE !== "autre") mine.set(said.key, said.value);
    Object.assign(answer, { key: said.key, value: said.value });
  } else if (said.subject === "lti.get_data") {
    Object.assign(answer, { key: said.key, value: mine.get(said.key) });
  } else return;
  event.source.postMessage(answer, event.origin);
});
"""


def create_platform(address: str, tool: str) -> Flask:
    """Return the platform's application; its key is the one of ``forge``."""
    app = Flask(__name__)

    @app.get("/cours/<number>")
    def course(number: str) -> str:
        mode = request.args.get("stockage", "_parent")
        beside = '<iframe name="stockage" src="/stockage" hidden></iframe>' * (mode == "freres")
        launch = f"/lancer?{request.query_string.decode()}&cours={number}"
        return _page(
            f"<script>const MODE = {json.dumps(mode)};{STORAGE}</script>{beside}"
            f'<h1>Cours {escape(number)}</h1><iframe name="outil" id="contentframe" '
            f'width="900" height="700" src="{escape(launch)}"></iframe>'
        )

    @app.get("/stockage")
    def storage() -> str:
        return _page(f'<script>const MODE = "_parent";{STORAGE}</script>')

    @app.get("/lancer")
    def launch() -> str:
        hint = {"cours": request.args["cours"], "personne": request.args.get("personne", "41")}
        mode = request.args.get("stockage", "_parent")
        return _posted(
            f"{tool}/lti/login",
            {
                "iss": address,
                "target_link_uri": f"{tool}/lti/launch",
                "login_hint": hint["personne"],
                "lti_message_hint": json.dumps(hint),
                "client_id": "client-1",
                "lti_deployment_id": "1",
                "lti_storage_target": "stockage" if mode == "freres" else "_parent",
            },
        )

    @app.get("/mod/lti/auth.php")
    def authorize() -> str:
        asked = request.args
        hint = json.loads(asked["lti_message_hint"])
        number, label = COURSES[hint["cours"]]
        claims: dict[str, Any] = {
            "iss": address,
            "sub": hint["personne"],
            "name": PEOPLE[hint["personne"]],
            "target_link_uri": f"{tool}/lti/launch",
            "context": {"id": number, "label": label, "title": label, "type": ["CourseSection"]},
        }
        token = sign(launch_claims(clock.now(), asked["nonce"], claims))
        return _posted(asked["redirect_uri"], {"state": asked["state"], "id_token": token})

    return app


def _posted(action: str, fields: dict[str, str]) -> str:
    inputs = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    form = f'<form action="{escape(action)}" method="post">{inputs}</form>'
    return _page(f"{form}<script>document.forms[0].submit();</script>")


def _page(body: str) -> str:
    return f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>Cours</title>{body}</html>'
