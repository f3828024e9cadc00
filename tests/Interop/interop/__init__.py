"""Real peers against a running server: what Kith's users will bring, tried before they do."""

import contextlib
import io

with contextlib.redirect_stderr(io.StringIO()):  # it says at each start that it is slow
    import slixmpp.stringprep  # noqa: F401
