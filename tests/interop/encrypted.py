#!/usr/bin/env python3
"""Makes encrypted documents: every kind that qpdf writes, and by hand the odd ones that it does not.

Takes nothing, gives a folder in the cache whose path is the last line printed, made once: one file a case and `listing.json` with its
passwords. By hand: crypt filters that differ for strings, streams and attachments, Identity, `/Crypt` filters of single streams, odd
spellings of the `/Encrypt` dictionary.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
KINDS = {
    "rc4-40": ["40"],
    "rc4-128": ["128", "--use-aes=n"],
    "rc4-128-v4": ["128", "--use-aes=n", "--force-V4"],
    "aes-128": ["128", "--use-aes=y"],
    "aes-128-clear-metadata": ["128", "--use-aes=y", "--cleartext-metadata"],
    "aes-256-r5": ["256", "--force-R5"],
    "aes-256-r6": ["256"],
    "aes-256-r6-clear-metadata": ["256", "--cleartext-metadata"],
}
PASSWORDS = {"both": ("user", "owner"), "empty-user": ("", "owner"), "one": ("same", "same"), "long": ("u" * 40, "o" * 40)}


def rc4(key, data):
    # The cryptography package knows RC4 with keys of some lengths only.
    state, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def aes(key, data):
    iv = hashlib.md5(data).digest()
    pad = 16 - len(data) % 16
    engine = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return iv + engine.update(data + bytes([pad]) * pad) + engine.finalize()


class Paper:
    """One page, an attachment, metadata and information, encrypted by the standard handler of revision 2 to 4 (ISO 32000-2 7.6.4)."""

    def __init__(self, version, revision, bits, strings="rc4", streams="rc4", files=None, metadata=True, permissions=-44, ids=b"0123456789abcdef"):
        self.version, self.revision, self.size = version, revision, bits // 8
        self.methods = dict(strings=strings, streams=streams, files=files or streams)
        self.metadata, self.permissions, self.ids = metadata, permissions, ids
        self.owner, self.user, self.key = self.keys(b"user", b"owner")

    def keys(self, user, owner):
        rounds = 1 if self.revision == 2 else 51
        digest = (owner + PADDING)[:32]
        for _ in range(rounds):
            digest = hashlib.md5(digest).digest()
        o = (user + PADDING)[:32]
        for i in range(1 if self.revision == 2 else 20):
            o = rc4(bytes(b ^ i for b in digest[:self.size]), o)
        seed = (user + PADDING)[:32] + o + (self.permissions & 0xFFFFFFFF).to_bytes(4, "little") + self.ids
        seed += b"" if self.metadata or self.revision < 4 else b"\xff" * 4
        key = hashlib.md5(seed).digest()
        for _ in range(rounds - 1):
            key = hashlib.md5(key[:self.size]).digest()
        key = key[:self.size]
        if self.revision == 2:
            return o, rc4(key, PADDING), key
        u = hashlib.md5(PADDING + self.ids).digest()
        for i in range(20):
            u = rc4(bytes(b ^ i for b in key), u)
        return o, u + bytes(16), key

    def seal(self, method, number, data):
        if method == "identity":
            return data
        salt = self.key + number.to_bytes(3, "little") + b"\0\0" + (b"sAlT" if method == "aes" else b"")
        key = hashlib.md5(salt).digest()[:min(16, self.size + 5)]
        return aes(key, data) if method == "aes" else rc4(key, data)

    def write(self, encrypt, crypt=False, direct=False):
        def text(number, data):
            return b"<" + self.seal(self.methods["strings"], number, data).hex().encode() + b">"

        def stream(number, dictionary, data, method):
            data = self.seal(method, number, data)
            return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (dictionary, len(data), data)

        ways = self.methods
        own = b"/Filter[/Crypt]/DecodeParms[<</Type/CryptFilterDecodeParms/Name/Identity>>]" if crypt else b""
        clear = not self.metadata or crypt
        objects = {
            1: b"<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R/Names<</EmbeddedFiles<</Names[" + text(1, b"a.txt") + b" 7 0 R]>>>>>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 9 0 R>>>>>>",
            4: stream(4, b"", b"BT /F1 12 Tf 72 720 Td (The borrower repays 100 rupees.) Tj ET", ways["streams"]),
            5: b"<</Title " + text(5, b"Loan agreement") + b">>",
            6: stream(6, b"/Type/Metadata/Subtype/XML" + own, b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>", "identity" if clear else ways["streams"]),
            7: b"<</Type/Filespec/F " + text(7, b"a.txt") + b"/EF<</F 8 0 R>>>>",
            8: stream(8, b"/Type/EmbeddedFile", b"hello", ways["files"]),
            9: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        }
        encrypt = b"<</Filter/Standard/V %d/R %d/O<%s>/U<%s>%s>>" % (
            self.version, self.revision, self.owner.hex().encode(), self.user.hex().encode(), encrypt)
        if not direct:
            objects[10] = encrypt
        out, at = b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n", {}
        for number, body in objects.items():
            at[number] = len(out)
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        xref = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        out += b"".join(b"%010d 00000 n \n" % at[number] for number in sorted(at))
        ids = b"/ID[<%s><%s>]" % ((self.ids.hex().encode(),) * 2) if self.ids else b""
        out += b"trailer\n<</Size %d/Root 1 0 R/Info 5 0 R%s/Encrypt %s>>\nstartxref\n%d\n%%%%EOF\n" % (
            len(objects) + 1, ids, encrypt if direct else b"10 0 R", xref)
        return out


def filters(strings, streams, files=None, **methods):
    names = {"rc4": b"V2", "aes": b"AESV2"}
    listed = b"".join(b"/%s<</Type/CryptFilter/CFM/%s/AuthEvent/DocOpen/Length 16>>" % (name.encode(), names[method]) for name, method in methods.items())
    return b"/P -44/Length 128/CF<<%s>>/StrF/%s/StmF/%s%s" % (listed, strings.encode(), streams.encode(), b"/EFF/" + files.encode() if files else b"")


def by_hand():
    old = b"/P -44"
    yield "rc4-56", Paper(2, 3, 56).write(old + b"/Length 56")
    yield "rc4-64", Paper(2, 3, 64).write(old + b"/Length 64")
    yield "rc4-128-direct", Paper(2, 3, 128).write(old + b"/Length 128", direct=True)
    yield "rc4-40-with-a-length", Paper(1, 2, 40).write(old + b"/Length 40")
    yield "rc4-40-revision-3", Paper(1, 3, 40).write(old)
    yield "rc4-128-permissions-unsigned", Paper(2, 3, 128).write(b"/P 4294967252/Length 128")
    yield "rc4-128-no-id", Paper(2, 3, 128, ids=b"").write(old + b"/Length 128")
    both = dict(strings="aes", streams="aes")
    yield "aes-128-direct", Paper(4, 4, 128, **both).write(filters("StdCF", "StdCF", StdCF="aes"), direct=True)
    yield "aes-128-other-name", Paper(4, 4, 128, **both).write(filters("Mine", "Mine", Mine="aes"))
    yield "aes-128-length-in-bits", Paper(4, 4, 128, **both).write(filters("StdCF", "StdCF", StdCF="aes").replace(b"/Length 16", b"/Length 128"))
    yield "aes-128-no-lengths", Paper(4, 4, 128, **both).write(filters("StdCF", "StdCF", StdCF="aes").replace(b"/Length 16", b""))
    yield "aes-128-clear-metadata", Paper(4, 4, 128, metadata=False, **both).write(filters("StdCF", "StdCF", StdCF="aes") + b"/EncryptMetadata false")
    yield "aes-128-crypt-filter-of-a-stream", Paper(4, 4, 128, **both).write(filters("StdCF", "StdCF", StdCF="aes"), crypt=True)
    yield "strings-alone", Paper(4, 4, 128, strings="aes", streams="identity").write(filters("StdCF", "Identity", StdCF="aes"))
    yield "streams-alone", Paper(4, 4, 128, strings="identity", streams="aes").write(filters("Identity", "StdCF", StdCF="aes"))
    yield "attachments-alone", Paper(4, 4, 128, strings="identity", streams="identity", files="aes").write(
        filters("Identity", "Identity", "StdCF", StdCF="aes"))
    yield "attachments-in-the-clear", Paper(4, 4, 128, files="identity", **both).write(filters("StdCF", "StdCF", "Identity", StdCF="aes"))
    yield "strings-rc4-streams-aes", Paper(4, 4, 128, strings="rc4", streams="aes").write(filters("A", "B", A="rc4", B="aes"))
    yield "attachments-rc4", Paper(4, 4, 128, files="rc4", **both).write(filters("B", "B", "A", A="rc4", B="aes"))
    yield "identity", Paper(4, 4, 128, strings="identity", streams="identity").write(filters("Identity", "Identity", StdCF="aes"))


def qpdf(plain, out, user, owner, options, more):
    done = subprocess.run(["qpdf", "--allow-weak-crypto", "--warning-exit-0", "--encrypt", user, owner, *options, "--", *more, str(plain), str(out)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise SystemExit(f"qpdf: {done.stdout}")


def build(folder):
    listing = []
    plain = folder / "plain"
    plain.write_bytes(Paper(4, 4, 128, strings="identity", streams="identity").write(b"").replace(b"/Encrypt 10 0 R", b""))
    for kind, options in KINDS.items():
        for name, (user, owner) in PASSWORDS.items():
            for packed in ("disable", "generate"):
                file = f"qpdf-{kind}-{name}-{packed}.pdf"
                try:
                    qpdf(plain, folder / file, user, owner, options, [f"--object-streams={packed}"])
                except SystemExit:
                    if name == "one" and kind.startswith("aes-256"):
                        continue  # qpdf wants two passwords there
                    raise
                listing.append(dict(file=file, user=user, owner=owner))
    for kind in ("rc4-128", "aes-128", "aes-256-r6"):
        for modify in ("none", "form", "annotate"):
            file = f"qpdf-{kind}-modify-{modify}.pdf"
            qpdf(plain, folder / file, "user", "owner", [*KINDS[kind], f"--modify={modify}"], [])
            listing.append(dict(file=file, user="user", owner="owner"))
    for name, data in by_hand():
        (folder / f"hand-{name}.pdf").write_bytes(data)
        # Programs differ in how an owner password makes a key of fewer than 128 bits in revision 3.
        owner = "user" if name in ("rc4-56", "rc4-64", "rc4-40-revision-3") else "owner"
        listing.append(dict(file=f"hand-{name}.pdf", user="user", owner=owner))
    plain.unlink()
    (folder / "listing.json").write_text(json.dumps(listing, indent=1) + "\n")


def main():
    base = Path(os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")) / "thrivosign/interop"
    target = base / f"encrypted-{hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]}"
    if not (target / "listing.json").is_file():
        base.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=base) as scratch:
            folder = Path(scratch) / "made"
            folder.mkdir()
            build(folder)
            try:
                os.rename(shutil.copytree(folder, f"{scratch}-done"), target)
            except OSError:  # another run was faster
                shutil.rmtree(f"{scratch}-done", ignore_errors=True)
    print(target)


if __name__ == "__main__":
    main()
