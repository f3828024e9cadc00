using Xmpp.Server.Household;
using Xmpp.Server.Sessions;

namespace Xmpp.Server.Streams;

/// <summary>What came of the features that were asked for inside a sign-in.</summary>
/// <param name="Session">Resumed or bound; null when neither was asked for.</param>
/// <param name="Answers">Elements for <c>&lt;success/&gt;</c>.</param>
internal sealed record InlineResult(Session? Session, bool Resumed, byte[] Answers);

/// <summary>Resumption (XEP-0198 §9.2) and binding (XEP-0386) inside a sign-in by SASL2.</summary>
internal static class Inline
{
    public static async Task<InlineResult> RunAsync(
        Binding binding,
        XmppServer server,
        Account account,
        Sasl2Request request
    )
    {
        byte[] failed = [];
        if (request.Resume.Exists)
        {
            (Session? resumed, byte[] answer) = await binding.TryResumeAsync(request.Resume);
            if (resumed is not null)
                return new(resumed, Resumed: true, answer);
            failed = answer;
        }
        if (!request.Bind.Exists)
            return new(null, Resumed: false, failed);
        (Session session, byte[] bound) = await Bind2.BindAsync(binding, server, account, request);
        return new(session, Resumed: false, [.. failed, .. bound]);
    }
}
