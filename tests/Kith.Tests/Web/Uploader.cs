using System.Net;
using System.Net.Http.Headers;
using Xmpp.Server.Stores;
using Xmpp.Server.Uploads;

namespace Kith.Tests.Web;

/// <summary>Somebody who has a slot, and what is sent into it; the slot is what the box would have promised.</summary>
internal sealed class Uploader(WebStage stage)
{
    public const string Owner = "juliet";

    public static async Task<Uploader> MoveInAsync(WebStage stage)
    {
        await stage.AddAsync(Owner, "wherefore");
        return new Uploader(stage);
    }

    public long Account => stage.Server.Accounts.Find(Owner)!.Id;

    public UploadSlot Slot(string name, long size, string? type = null) =>
        new()
        {
            Id = UploadId.Create(),
            Name = name,
            Account = Account,
            Size = size,
            MediaType = type,
            Purpose = UploadPurpose.Message,
            Expires = stage.Server.Time.GetUtcNow() + SharedFiles.SlotLifetime,
        };

    /// <summary>Where it is to be had, from the host's root.</summary>
    public string Address(UploadSlot slot) => new Uri(stage.Server.Files.Url(slot.Id, slot.Name)).PathAndQuery;

    public string PutAddress(UploadSlot slot) => $"{Address(slot)}?slot={stage.Server.Files.Slots.Sign(slot)}";

    public Task<HttpResponseMessage> PutAsync(UploadSlot slot, HttpContent content) =>
        stage.Client.SendAsync(New(HttpMethod.Put, PutAddress(slot), content));

    public HttpRequestMessage New(HttpMethod method, string address, HttpContent? content = null) =>
        new(method, address)
        {
            Content = content,
            Version = stage.Client.DefaultRequestVersion,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

    public static ByteArrayContent Content(byte[] bytes, string? type = null)
    {
        var content = new ByteArrayContent(bytes);
        if (type is not null)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    /// <summary>A whole upload; returns where it is to be had.</summary>
    public async Task<string> AddAsync(string name, byte[] bytes, string? type = null)
    {
        UploadSlot slot = Slot(name, bytes.Length, type);
        using HttpResponseMessage put = await PutAsync(slot, Content(bytes, type));
        return put.StatusCode == HttpStatusCode.Created
            ? Address(slot)
            : throw new InvalidOperationException($"{put.StatusCode}: {await put.Content.ReadAsStringAsync()}");
    }

    /// <summary>Bytes of which no stretch is like another.</summary>
    public static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
