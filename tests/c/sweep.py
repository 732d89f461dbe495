"""Writes the bad-argument sweep: a C program that calls every function of thrivosign.h with every argument made bad in turn.

usage: sweep.py HEADER OUTPUT

For each argument there are valid values and bad ones, by its type and name; a function, an argument or a struct's member that the tables here do
not know ends the generator. What the library must answer to a bad value is a code, or only `no crash` where the header allows the value.
"""

import sys

from header import read, stop

ANY, FAILS = -1, -2  # no crash; any error

TEXTS = {
    "base_address": "setting(\"THRIVOSIGN_SERVICE\")", "api_key": '"key"', "folder": 'scratch("sweep-keys")', "passphrase": '"passphrase"',
    "password": '"password"', "refresh_token": '"token"', "device_uuid": '"no-such-device"', "authentication_key": '"authentication"',
    "platform": '"linux"', "activation_code": '"000000"', "value": '"000000"', "code": '"000000"', "signing_key": '"signing"', "credential_id": '"no-such-credential"',
    "user": '"user"', "username": '"nobody"', "address": '"http://127.0.0.1:9"', "suffix": '"sweep/1"', "id": '"client"', "secret": '"secret"',
    "pin": '"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="', "text": '"text"', "key": '"signing"', "file_name": '"a.pdf"', "name": '"signing"',
    "path": 'setting("THRIVOSIGN_DOCUMENT")', "language": '"de"', "url": '"https://verify.example/1"', "field": '"Signature1"',
    "policy": '"1.2.3"', "input": 'setting("THRIVOSIGN_DOCUMENT")', "output": 'scratch("sweep-batch.pdf")',
    "target": 'scratch("sweep-order.pdf")', "consent": '"I agree."',
    "request_id": '"no-such-request"', "package_id": '"no-such-package"', "document_id": '"no-such-document"', "why": '"The rate is wrong"',
    "document": '"a.b.c"', "module": '"/no/such/module.so"', "label": '"office"', "serial": '"0001"', "description": '"A loan"', "document_name": '"loan.pdf"',
}
TEXTS_OF = {
    ("thrivosign_extension_add_authority", "url"): '"http://127.0.0.1:9/tsa"',
    ("thrivosign_output_new_to_path", "path"): 'scratch("sweep.pdf")',
    ("thrivosign_client_request_remote_credential", "pin"): '"271828"',
    ("thrivosign_preflight_policy_new", "name"): '"bank"', ("thrivosign_preflight_policy_allow", "code"): '"script"',
    # Nothing is there: the sweep's document stays as it is.
    # The fixture's journal is open, and one process has it open once.
    ("thrivosign_orders_new_in_folder", "folder"): 'scratch("sweep-orders")',
    ("thrivosign_requests_new_in_folder", "folder"): 'scratch("sweep-requests")',
    ("thrivosign_signer_sign_in_place", "path"): 'scratch("sweep-in-place.pdf")',
    ("thrivosign_in_place_recover", "path"): 'scratch("sweep-in-place.pdf")',
}

# Pairs of pointer and size: the bytes of this buffer.
BYTES = {
    "pem": "PEM", "data": "PDF", "json": "IDENTITY", "file": "PDF", "message": "PDF", "challenge": "NONCE", "blob": "BLOB", "key": "NONCE",
    "password": "NONCE", "value": "NONCE", "crl": "CRL", "ocsp": "OCSP",
    "chain": "PEM", "key_file": "KEY", "policy": "POLICY",
}
BYTES_OF = {("thrivosign_pending_request_new_from_json", "json"): "PENDING", ("thrivosign_words_new_from_json", "json"): "IDENTITY", ("thrivosign_key_store_import", "file"): "KEY"}

# Numbers that are values of an enumeration, and a valid one. 0 is the default of a signer's algorithm.
ENUMS = {
    "algorithm": "THRIVOSIGN_SIGNATURE_ALGORITHM_ECDSA_SHA256", "purpose": "THRIVOSIGN_KEY_PURPOSE_SIGNING", "prompt": "THRIVOSIGN_PROMPT_NONE",
    "method": "THRIVOSIGN_AUTHENTICATION_METHOD_OTP", "reason": "THRIVOSIGN_REVOCATION_REASON_SUPERSEDED", "level": "THRIVOSIGN_LOG_LEVEL_ERROR",
    "durability": "THRIVOSIGN_DURABILITY_FSYNC", "action": "THRIVOSIGN_FIELD_LOCK_INCLUDE", "frame": "THRIVOSIGN_FRAME_THIN",
    "order": "THRIVOSIGN_ORDER_AS_THEY_COME", "arrangement": "THRIVOSIGN_ARRANGEMENT_OVER",
    "second_factor": "THRIVOSIGN_SECOND_FACTOR_SMS", "role": "THRIVOSIGN_ROLE_TIME_STAMPING", "decision": "THRIVOSIGN_DECISION_DECLINE", "view": "THRIVOSIGN_PACKAGE_VIEW_OWNED",
    # Nothing is fetched in the sweep: an object is one for all of it.
    "reach": "THRIVOSIGN_REACH_OFF",
}
ENUMS_OF = {("thrivosign_extension_new", "level"): "THRIVOSIGN_LEVEL_BLTA", ("thrivosign_key_store_create", "algorithm"): "THRIVOSIGN_KEY_ALGORITHM_P256",
            ("thrivosign_key_store_create_exportable", "algorithm"): "THRIVOSIGN_KEY_ALGORITHM_P256",
            ("thrivosign_requests_key", "algorithm"): "THRIVOSIGN_KEY_ALGORITHM_P256",
            ("thrivosign_signature_request_set_certification", "level"): "THRIVOSIGN_DOC_MDP_FORM_FILLING"}
ZERO_IS_VALID = {("thrivosign_extension_set_reach", "reach"), ("thrivosign_signer_new_from_identity", "algorithm"), ("thrivosign_signer_new_from_certificates", "algorithm"),
                 ("thrivosign_key_store_sign", "algorithm"), ("thrivosign_client_request_remote_credential", "second_factor"), ("thrivosign_output_new_to_path", "durability"),
                 ("thrivosign_signer_sign_in_place", "durability"), ("thrivosign_batch_set_durability", "durability"),
                 ("thrivosign_signature_request_set_certification", "level"), ("thrivosign_signature_request_set_lock", "action")}

# Plain numbers: a valid one, bad ones, and what must come of these.
NUMBERS = {
    ("int32_t", "report_only"): ("1", ["-1", "INT32_MAX", "INT32_MIN"], ANY),
    ("int32_t", "ask_again"): ("0", ["-1", "2", "INT32_MAX", "INT32_MIN"], 101),
    ("int32_t", "code"): ("404", ["-1", "99", "INT32_MAX", "INT32_MIN"], ANY),
    ("uint32_t", "tries"): ("1", ["0", "UINT32_MAX"], ANY),
    **{("uint32_t", name): ("1", ["0", "UINT32_MAX"], ANY) for name in ("page", "occurrence", "jobs", "index", "place")},
    ("int64_t", "unix_time"): ("1900000000", ["INT64_MIN", "INT64_MAX", "-1"], ANY),
    ("uint32_t", "status"): ("200", ["0", "99", "600", "UINT32_MAX"], 101),
    ("uint64_t", "offset"): ("0", ["1", "UINT64_MAX"], ANY),
    ("uint64_t", "expires_in"): ("0", ["1", "UINT64_MAX"], ANY),
    ("uint64_t", "wait_seconds"): ("0", [], ANY),
    ("uint64_t", "timeout_ms"): ("1000", ["0", "UINT64_MAX"], ANY),
    ("size_t", "index"): ("0", ["SIZE_MAX", "1000000"], FAILS),
    ("size_t", "position"): ("0", ["SIZE_MAX", "1000000"], FAILS),
    ("size_t", "bytes"): ("0", ["SIZE_MAX", "1"], ANY),
    **{("double", name): ("100", ["NAN", "INFINITY", "-INFINITY", "-1e308"], ANY) 
       for name in ("x0", "y0", "x1", "y1", "width", "height", "offset_x", "offset_y", "pen")},
}

# Structs: members, and what each is made bad with (an assignment to `T`), and the code for it.
LIE = [("T.password_size = 5; T.password = NULL", 102), ("T.password = NONCE; T.password_size = SIZE_MAX", 101)]
STRUCTS = {
    "thrivosign_call": {
        "cancel": [("T.cancel = freed_cancel()", 105), ("T.cancel = (thrivosign_cancel *)F.buffer", 101)],
        "timeout_ms": [("T.timeout_ms = UINT64_MAX", ANY)], "per_call_timeout_ms": [("T.per_call_timeout_ms = UINT64_MAX", ANY)],
        "progress": [("T.progress = NULL", ANY)], "context": [],
    },
    "thrivosign_sign_options": {
        "password": LIE, "password_size": [], "shown_sha256": [("T.shown_sha256 = NONCE", ANY)], "full_recheck": [("T.full_recheck = -1", ANY)],
        "preflight": [("T.preflight = freed_preflight_policy()", 105), ("T.preflight = (thrivosign_preflight_policy *)F.buffer", 101)],
        "damage": [("T.damage = 99", 101), ("T.damage = INT64_MIN", 101)], "rewrite_limit": [("T.damage = 2; T.rewrite_limit = UINT64_MAX", ANY)],
        "extension": [("T.extension = freed_extension()", 105), ("T.extension = (thrivosign_extension *)F.buffer", 101), ("T.extension = F.extension", ANY)],
        "carry_evidence": [("T.carry_evidence = INT64_MIN", ANY)], "consent": [("T.carry_evidence = 1; T.consent = NO_UTF8", 103), ("T.carry_evidence = 1; T.consent = HUGE_TEXT", ANY)],
        "in_place_of": [("T.in_place_of = NO_UTF8", 103), ("T.in_place_of = HUGE_TEXT", ANY)],
    },
    "thrivosign_verify_listener": {"context": [("T.context = &F", ANY)], "ended": [("T.ended = NULL", 102)]},
    "thrivosign_batch_listener": {"context": [("T.context = &F", ANY)], "ended": [("T.ended = NULL", 102)]},
    "thrivosign_verify_options": {
        "password": LIE, "password_size": [], "unix_time": [("T.unix_time = &LONG_AGO", ANY)],
        "revocation": [("T.revocation = 99", 101), ("T.revocation = INT64_MIN", 101)],
        "evidence": [("T.evidence = freed_evidence()", 105), ("T.evidence = (thrivosign_evidence *)F.buffer", 101)],
    },
    "thrivosign_certificate_order": {
        **{name: [(f"T.{name} = NULL", 102), (f"T.{name} = NO_UTF8", 103), (f"T.{name} = HUGE_TEXT", ANY)]
           for name in ("device_uuid", "authentication_key", "signing_key", "subject_name")},
        **{name: [(f"T.{name} = NO_UTF8", 103), (f"T.{name} = HUGE_TEXT", ANY)] for name in ("country", "serial_number", "profile")},
        "challenge": [("T.challenge = NULL", 102), ("T.challenge = freed_challenge()", 105), ("T.challenge = (thrivosign_challenge *)F.buffer", 101)],
    },
    "thrivosign_source_callbacks": {"len": [("T.len = NULL", 102)], "read_at": [("T.read_at = NULL", 102)]},
    "thrivosign_output_callbacks": {"write": [("T.write = NULL", 102)]},
    "thrivosign_pin_callbacks": {"observed": [("T.observed = NULL", 102)]},
    "thrivosign_token_callbacks": {"tokens": [("T.tokens = NULL", 102)]},
    "thrivosign_factor_callbacks": {"ask": [("T.ask = NULL", 102)]},
    "thrivosign_http_callbacks": {"send": [("T.send = NULL", 102)]},
    "thrivosign_log_callbacks": {"event": [("T.event = NULL", 102)]},
    "thrivosign_key_store_callbacks": {
        "info": [("T.info = NULL", 102)], "sign": [("T.sign = NULL", 102)],
        **{name: [(f"T.{name} = NULL", ANY)] for name in ("create", "remove", "list", "attest")},
    },
    "thrivosign_log_event": None,  # the library's own; nobody passes it
}
HOSTED = {"destroy": [("T.destroy = NULL", ANY)], "context": []}

NO_FREE = {"thrivosign_sink", "thrivosign_http_exchange"}  # lent to a callback


def short(name):
    return name.removeprefix("thrivosign_")


class Case:
    """One bad argument: statements, the code that must come, and a label."""

    def __init__(self, label, change, expected):
        self.label, self.change, self.expected = label, change, expected


def handle_cases(one, noun):
    other = "F.cancel" if noun != "thrivosign_cancel" else "F.buffer"
    cast = f"({noun} *)"
    null = ANY if one.may_be_null else 102
    cases = [Case("NULL", f"{one.name} = NULL", null)]
    if noun not in NO_FREE:
        cases.append(Case("freed", f"{one.name} = freed_{short(noun)}()", 105))
    for label, value in [("of another type", f"{cast}{other}"), ("a pointer to memory", f"{cast}&F"), ("1", f"{cast}(uintptr_t)1"),
                         ("all ones", f"{cast}UINTPTR_MAX"), ("never given", f"{cast}((uintptr_t){one.name} + ((uintptr_t)1 << 30))")]:
        cases.append(Case(label, f"{one.name} = {value}", 101))
    return cases


def struct_cases(one, struct):
    point = f"{one.name} = &{one.name}_table.as"
    table = f"{one.name}_table.as"
    cases = [Case("NULL", f"{one.name} = NULL", ANY if one.may_be_null else 102)]
    for size in ("0", "1", "sizeof(size_t)", "4097", "SIZE_MAX"):
        expected = 101 if size != "sizeof(size_t)" or any(word in struct for word in ("callbacks", "order", "listener")) else ANY
        cases.append(Case(f"struct_size {size}", f"{point}; {table}.struct_size = {size}", expected))
    beyond = f"{point}; {table}.struct_size += 8; {one.name}_table.room[sizeof({struct})] = "
    cases.append(Case("an unknown member that is 0", beyond + "0", ANY))
    cases.append(Case("an unknown member", beyond + "1", 101))
    members = STRUCTS[struct] if "callbacks" not in struct else {**HOSTED, **STRUCTS[struct]}
    for member, bads in members.items():
        cases += [Case(f"{member}: {change}", f"{point}; {change.replace('T.', table + '.')}", expected) for change, expected in bads]
    return cases


def emit(function, handles, structs):
    name, parameters = function.name, function.parameters
    declared, cases, after, sentinels, arguments = [], [], [], [], []
    sized = set()
    for at, one in enumerate(parameters):
        arguments.append(one.name)
        base = one.type.replace("const ", "").rstrip("*")
        key = (name, one.name)
        depth = one.type.count("*")
        if one.name in sized:
            continue
        if depth == 2 and base in handles:
            declared.append(f"{base} *{one.name}_value = ({base} *)&F; {base} **{one.name} = &{one.name}_value;")
            cases.append(Case(f"{one.name}: NULL", f"{one.name} = NULL", ANY if one.may_be_null else 102))
            sentinels.append(f"{one.name}_value == ({base} *)&F")
            after.append(f"if ({one.name}_value != ({base} *)&F) {{ {base}_free({one.name}_value); }}")
        elif depth == 1 and base in handles:
            declared.append(f"{base} *{one.name}_valid = valid_{short(base)}(); {base} *{one.name} = {one.name}_valid;")
            cases += [Case(f"{one.name}: {case.label}", case.change, case.expected) for case in handle_cases(one, base)]
            if base not in NO_FREE:
                after.append(f"{base}_free({one.name}_valid);")
        elif depth == 1 and base in structs:
            declared.append(f"union {{ {base} as; uint8_t room[4096]; }} {one.name}_table; const {base} *{one.name} = &{one.name}_table.as;")
            declared.append(f"memset(&{one.name}_table, 0, sizeof {one.name}_table); fill_{short(base)}(&{one.name}_table.as);")
            cases += [Case(f"{one.name}: {case.label}", case.change, case.expected) for case in struct_cases(one, base)]
        elif one.type == "const char*":
            value = TEXTS_OF.get(key) or TEXTS.get(one.name) or stop(f"{name}: no valid text for {one.name}")
            declared.append(f"const char *{one.name} = {value};")
            for label, bad, expected in [("NULL", "NULL", ANY if one.may_be_null else 102), ("bad UTF-8", "NO_UTF8", 103), ("empty", '""', ANY),
                                         ("huge", "HUGE_TEXT", ANY)]:
                cases.append(Case(f"{one.name}: {label}", f"{one.name} = {bad}", expected))
        elif one.type == "const uint8_t*":
            size = one.name + "_size"
            if at + 1 == len(parameters) or parameters[at + 1].name != size:
                stop(f"{name}: {one.name} has no size")
            sized.add(size)
            value = BYTES_OF.get(key) or BYTES.get(one.name) or stop(f"{name}: no valid bytes for {one.name}")
            declared.append(f"const uint8_t *{one.name} = {value}; size_t {size} = {value}_SIZE;")
            for label, change, expected in [("NULL with a size", f"{one.name} = NULL", 102), ("NULL of size 0", f"{one.name} = NULL; {size} = 0", ANY),
                                            ("size 0", f"{size} = 0", ANY), ("huge size", f"{size} = SIZE_MAX", 101),
                                            ("size out of proportion", f"{size} = SIZE_MAX / 4", 101),
                                            ("garbage", f"{one.name} = GARBAGE; {size} = GARBAGE_SIZE", ANY)]:
                cases.append(Case(f"{one.name}: {label}", change, expected))
        elif one.type == "const double*":
            size = one.name.removesuffix("s") + "_count"
            if at + 1 == len(parameters) or parameters[at + 1].name != size:
                stop(f"{name}: {one.name} has no count")
            sized.add(size)
            declared.append(f"const double *{one.name} = POINTS; size_t {size} = POINTS_COUNT;")
            for label, change, expected in [("NULL with a count", f"{one.name} = NULL", 102), ("count 0", f"{size} = 0", FAILS),
                                            ("huge count", f"{size} = SIZE_MAX", 101), ("count out of proportion", f"{size} = SIZE_MAX / 64", 101),
                                            ("garbage", f"{one.name} = NOWHERE; {size} = 2", FAILS)]:
                cases.append(Case(f"{one.name}: {label}", change, expected))
        elif one.type == "int32_t" and (one.name in ENUMS or key in ENUMS_OF):
            declared.append(f"int32_t {one.name} = {ENUMS_OF.get(key) or ENUMS[one.name]};")
            for bad in ("-1", "0", "99", "INT32_MAX", "INT32_MIN"):
                expected = ANY if bad == "0" and key in ZERO_IS_VALID else 101
                cases.append(Case(f"{one.name}: {bad}", f"{one.name} = {bad}", expected))
        elif (one.type, one.name) in NUMBERS:
            value, bads, expected = NUMBERS[(one.type, one.name)]
            declared.append(f"{one.type} {one.name} = {value};")
            cases += [Case(f"{one.name}: {bad}", f"{one.name} = {bad}", expected) for bad in bads]
        elif one.type in ("int32_t*", "uint32_t*", "int64_t*", "uint64_t*", "size_t*", "double*"):
            declared.append(f"{base} {one.name}_value = 77; {base} *{one.name} = &{one.name}_value;")
            cases.append(Case(f"{one.name}: NULL", f"{one.name} = NULL", ANY if one.may_be_null else 102))
            sentinels.append(f"{one.name}_value == 77")
        else:
            stop(f"{name}: an argument that the sweep does not know: {one.type} {one.name}")

    call = f"{name}({', '.join(arguments)})"
    lines = [f"static void sweep_{name}(int which) {{"]
    lines += [f"    {line}" for line in declared]
    lines.append('    const char *sweep_label = "valid"; int32_t sweep_expected = ANY;')
    lines.append("    switch (which) {")
    for number, case in enumerate(cases, 1):
        label = case.label.replace('"', "'")
        lines.append(f'    case {number}: sweep_label = "{label}"; sweep_expected = {case.expected}; {case.change}; break;')
    lines.append(f'    default: break;\n    }}\n    CALLS++; snprintf(WHERE, sizeof WHERE, "{name}, %s", sweep_label);')
    if function.returns == "thrivosign_error*":
        untouched = " && ".join(sentinels) or "1"
        lines.append(f"    if (verdict({call}, sweep_expected)) {{ untouched({untouched}); }}")
    elif function.returns == "void":
        lines.append(f"    (void)sweep_expected;\n    {call};")
        if name.endswith("_free"):
            after = []
            lines.append(f"    {call};  /* A second time: no harm. */\n    if (which != 0) {{ {name}(self_valid); }}")
    elif function.returns == "const char*":
        lines.append(f"    (void)sweep_expected;\n    {{ const char *said = {call}; TOUCHED += said != NULL ? strlen(said) : 0; }}")
    else:
        lines.append(f"    (void)sweep_expected;\n    TOUCHED += (size_t){call};")
    lines += [f"    {line}" for line in after]
    lines.append("}\n")
    return "\n".join(lines), len(cases) + 1


def main():
    header = read(sys.argv[1])
    structs = set(header.structs)
    for struct, members in header.structs.items():
        if struct not in STRUCTS:
            stop(f"a struct that the sweep does not know: {struct}")
        known = STRUCTS[struct]
        known = None if known is None else {"struct_size", *known, *(HOSTED if "callbacks" in struct else {})}
        if known is not None and known != set(members):
            stop(f"{struct}: members that the sweep does not know, or that are gone: {sorted(known ^ set(members))}")
    out = ['/* Written by sweep.py. */', '#include "sweep.h"\n']
    for noun in sorted(header.handles - NO_FREE - {"thrivosign_error", "thrivosign_prepared"}):
        member = "signed_" if short(noun) == "signed" else short(noun)
        out.append(f"VALID({short(noun)}, {member})")
    for noun in sorted(header.handles - NO_FREE):
        out.append(f"FREED({short(noun)})")
    rows = []
    for function in header.functions:
        if function.name == "thrivosign_shutdown":  # last, below
            continue
        text, count = emit(function, header.handles, structs)
        out.append(text)
        rows.append((function, count))
    lent = {"SWEEPS_IN_CALLBACK": "thrivosign_sink", "SWEEPS_IN_EXCHANGE": "thrivosign_http_exchange"}
    lists = {name: [row for row in rows if row[0].parameters and row[0].parameters[0].type.startswith((f"{noun}*", f"const {noun}*"))]
             for name, noun in lent.items()}
    lists["SWEEPS"] = [row for row in rows if not any(row in some for some in lists.values())]
    for name, some in lists.items():
        out.append(f"const struct sweep {name}[] = {{")
        out += [f"    {{sweep_{function.name}, {count}}}," for function, count in some]
        out.append("    {NULL, 0}\n};\n")
    out.append(f"const size_t FUNCTIONS = {len(header.functions)};")
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")


main()
