using System.Globalization;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Server.Uploads;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0363 HTTP File Upload: slots at the domain itself, for accounts that are signed in here. The bytes are the web's
/// business; what a slot promises is <see cref="UploadSlot"/>.
/// </summary>
internal sealed class FileUpload(XmppServer server) : Extension
{
    private const string Ns = "urn:xmpp:http:upload:0";
    private const string PurposeNs = "urn:xmpp:http:upload:purpose:0";

    /// <summary>Retention runs now and then; whoever comes back a little later comes back once.</summary>
    private static readonly TimeSpan _retentionDelay = TimeSpan.FromHours(2);

    public override void Declare(Declarations declare)
    {
        declare.Implements("0363", "HTTP File Upload", "1.2.0");
        // Apps look for the identity (§3), not for the feature alone.
        declare.ServerIdentities.Add(new DiscoIdentity("store", "file", "HTTP File Upload"));
        declare.ServerFeature(Ns);
        foreach (string purpose in (string[])["message", "profile", "ephemeral", "permanent"])
            declare.ServerFeature($"{PurposeNs}#{purpose}");
        if (server.Options.UploadMaxBytes is > 0 and var most)
        {
            string[] value = [most.ToString(CultureInfo.InvariantCulture)];
            var form = new DiscoForm(Ns, [new("max-file-size", value)]);
            declare.ServerForms.Add(() => form);
        }
        declare.OnGet(Target.Server, Ns, "request", request => new(Give(request)));
    }

    private Reply Give(Request request)
    {
        // Laws, "Who may reach whom": the box keeps files for its own people only.
        if (request.Session is not { } session)
            return Reply.Error(StanzaError.Forbidden("only for accounts of this server"));
        UploadSlot slot = Read(session.Account, request.Payload);
        if (server.Files.LargestFor(slot.Purpose) is > 0 and var most && slot.Size > most)
            return Reply.Error(TooLarge(most));
        return server.Files.Refuses(slot.Account, slot.Size) is { } refusal
            ? Reply.Error(NoRoom(refusal, slot))
            : Reply.Result(Write(slot));
    }

    // §5.
    private UploadSlot Read(Account account, Element request)
    {
        string name = request.Attribute("filename") is { Length: > 0 } said
            ? said
            : throw new StanzaErrorException(StanzaError.BadRequest("which filename?"));
        if (
            !long.TryParse(request.Attribute("size"), NumberStyles.None, CultureInfo.InvariantCulture, out long size)
            || size == 0
        )
            throw new StanzaErrorException(StanzaError.BadRequest("size is a number of bytes, and not 0"));
        string? type = request.Attribute("content-type");
        if (!string.IsNullOrEmpty(type) && MediaType.Read(type) is null)
            throw new StanzaErrorException(StanzaError.BadRequest("content-type is no media type"));
        return Purpose(server.Files.Promise(account, name, size) with { MediaType = MediaType.Read(type) }, request);
    }

    // §4.1: one purpose; without any it is a message's.
    private UploadSlot Purpose(UploadSlot slot, Element request)
    {
        Element purpose = default;
        foreach (Element child in request.Children)
            if (child.Namespace == PurposeNs)
                purpose = purpose.Exists
                    ? throw new StanzaErrorException(StanzaError.BadRequest("one purpose"))
                    : child;
        return purpose.Name switch
        {
            "" or "message" => slot,
            "profile" => slot with { Purpose = UploadPurpose.Profile },
            "permanent" => slot with { Purpose = UploadPurpose.Permanent },
            "ephemeral" => slot with { Purpose = UploadPurpose.Ephemeral, FileExpires = ExpireBefore(purpose) },
            _ => throw new StanzaErrorException(StanzaError.FeatureNotImplemented("unknown purpose")),
        };
    }

    // §4.1.3.
    private DateTimeOffset ExpireBefore(Element ephemeral)
    {
        if (!XmlText.TryStamp(ephemeral.Attribute("expire-before") ?? "", out DateTimeOffset end))
            throw new StanzaErrorException(StanzaError.BadRequest("expire-before is a time"));
        return end > server.Time.GetUtcNow()
            ? end
            : throw new StanzaErrorException(StanzaError.NotAcceptable("expire-before is over"));
    }

    // The address of both is one; the token is for the uploader alone, who shares the other. In the address, because
    // there are apps that send no headers of a slot.
    private XmlBuilder Write(UploadSlot slot)
    {
        string url = server.Files.Url(slot.Id, slot.Name);
        return new XmlBuilder()
            .Start("slot", Ns)
            .Start("put")
            .Attribute("url", $"{url}?slot={server.Files.Slots.Sign(slot)}")
            .End()
            .Start("get")
            .Attribute("url", url)
            .End();
    }

    // §6.
    private static StanzaError TooLarge(long most) =>
        StanzaError.NotAcceptable(string.Create(null, $"File too large. The maximum file size is {most} bytes")) with
        {
            Extra = new XmlBuilder().Start("file-too-large", Ns).Start("max-file-size").Text(most).ToArray(),
        };

    private StanzaError NoRoom(UploadRefusal refusal, UploadSlot slot)
    {
        if (refusal == UploadRefusal.DiskFull)
            return StanzaError.ResourceConstraint("The disk of this server is nearly full.");
        StanzaError error = StanzaError.ResourceConstraint("Your files take all the room that they may: remove some.");
        if (server.Files.RoomAt(slot.Account, slot.Size) is not { } room)
            return error;
        string stamp = (room + _retentionDelay).UtcDateTime.ToString(
            "yyyy-MM-dd'T'HH:mm:ss'Z'",
            CultureInfo.InvariantCulture
        );
        return error with { Extra = new XmlBuilder().Start("retry", Ns).Attribute("stamp", stamp).ToArray() };
    }
}
