using System.Globalization;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Household;

/// <summary>
/// The box is a contact (laws, "The world outside", 3): at the domain itself it writes chat messages to admins and
/// guardians, and guardians answer it: “yes 3”, “no 3”, “list”.
/// </summary>
public sealed class Box
{
    private const int LongestAnswer = 100;
    private readonly XmppServer _server;

    internal Box(XmppServer server) => (_server, Texts) = (server, BoxTexts.For(server.Options.Language));

    internal BoxTexts Texts { get; }

    /// <summary>A chat message of the box: archived and delivered like any other.</summary>
    public void Tell(Account recipient, string text) =>
        _server.Dispatcher.Messages.FromBox(
            new Stanza
            {
                Kind = StanzaKind.Message,
                Type = StanzaType.Chat,
                Id = Guid.NewGuid().ToString("N"),
                From = _server.Address,
                To = recipient.Jid,
                Payload = new XmlBuilder().Element("body", text).ToArray(),
            },
            recipient
        );

    /// <summary>The same to every admin who can sign in.</summary>
    public void TellAdmins(string text)
    {
        foreach (string name in _server.Accounts.AdminNames())
            if (_server.Accounts.Find(name) is { } admin)
                Tell(admin, text);
    }

    /// <summary>True when it reads what the account writes; to others nobody is at this address.</summary>
    internal bool Listens(Account account) => _server.Home.Guardians.IsGuardian(account);

    /// <summary>What a guardian wrote, once it is committed; on the writer's thread.</summary>
    internal void Hear(Account guardian, Stanza message)
    {
        if (message.Type is not (StanzaType.Chat or StanzaType.Normal))
            return;
        string text = message.Child("body", Ns.Client).Text.Trim();
        if (text.Length > 0)
            _ = AnswerAsync(guardian, text.Length > LongestAnswer ? "" : text);
    }

    private async Task AnswerAsync(Account guardian, string text)
    {
        // Changes wait for the writer, on whose thread this began.
        await Task.Yield();
        try
        {
            if (await TryAnswerAsync(guardian, text) is { } answer)
                Tell(guardian, answer);
        }
        catch (Exception fault) when (fault is RefusedException or StorageException)
        {
            Tell(guardian, fault.Message);
        }
        catch (Exception bug)
        {
            _server.Log.Bug(bug, guardian.Jid);
        }
    }

    // Null where the change itself is told to all guardians.
    private async Task<string?> TryAnswerAsync(Account guardian, string text)
    {
        string[] words = text.Split(
            (char[])[' ', '\t', '\n', '#', '.', ',', '!', '“', '”', '"'],
            StringSplitOptions.RemoveEmptyEntries
        );
        string word = words.FirstOrDefault("");
        if (BoxTexts.IsList(word) && words.Length == 1)
            return List(guardian, "");
        bool yes = BoxTexts.IsYes(word);
        if (words.Length is 0 or > 2 || (!yes && !BoxTexts.IsNo(word)))
            return Texts.Help;
        if (Number(words, guardian) is not { } id)
            return words.Length == 1 ? List(guardian, Texts.Which + "\n") : Texts.Help;
        if (yes)
            await _server.Home.Approvals.ApproveAsync(id, guardian);
        else
            await _server.Home.Approvals.RefuseAsync(id, guardian);
        return null;
    }

    // The number that was written; without one, that of the only request.
    private long? Number(string[] words, Account guardian)
    {
        if (words.Length == 2)
            return long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? id : null;
        return _server.Home.Approvals.List(guardian) is [var only] ? only.Request.Id : null;
    }

    private string List(Account guardian, string before)
    {
        IReadOnlyList<Approval> waiting = _server.Home.Approvals.List(guardian);
        if (waiting.Count == 0)
            return Texts.NothingWaits;
        return before
            + string.Join(
                "\n",
                waiting.Select(each =>
                    $"{each.Request.Id}: {Texts.Wish(each.Request.Kind, each.Name, each.Request.Jid)}"
                )
            );
    }
}
