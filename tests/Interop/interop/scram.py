"""The client's side of SCRAM (RFC 5802), for the BOSH client that has no library to lean on."""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode

from .checks import equal


class Scram:
    """One exchange without channel binding; checks the server's signature at its end."""

    def __init__(self, hash_name: str, user: str, password: str):
        self.hash_name = hash_name
        self.password = password
        self.nonce = secrets.token_hex(12)
        self.first_bare = f"n={user.replace('=', '=3D').replace(',', '=2C')},r={self.nonce}"
        self._server_signature = b""

    def first(self) -> str:
        return _encode(f"n,,{self.first_bare}")

    def final(self, challenge: str) -> str:
        server_first = b64decode(challenge).decode()
        fields = dict(field.split("=", 1) for field in server_first.split(","))
        equal(fields["r"][: len(self.nonce)], self.nonce, "nonce")
        salted = hashlib.pbkdf2_hmac(
            self.hash_name, self.password.encode(), b64decode(fields["s"]), int(fields["i"])
        )
        without_proof = f"c={_encode('n,,')},r={fields['r']}"
        message = f"{self.first_bare},{server_first},{without_proof}".encode()
        client_key = self._hmac(salted, b"Client Key")
        signature = self._hmac(hashlib.new(self.hash_name, client_key).digest(), message)
        proof = bytes(a ^ b for a, b in zip(client_key, signature))
        self._server_signature = self._hmac(self._hmac(salted, b"Server Key"), message)
        return _encode(f"{without_proof},p={b64encode(proof).decode()}")

    def verify(self, success: str) -> None:
        equal(b64decode(success), b"v=" + b64encode(self._server_signature), "server's signature")

    def _hmac(self, key: bytes, message: bytes) -> bytes:
        return hmac.digest(key, message, self.hash_name)


def _encode(text: str) -> str:
    return b64encode(text.encode()).decode()
