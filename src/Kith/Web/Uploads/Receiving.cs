using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Storage;
using Xmpp.Server;
using Xmpp.Server.Stores;
using Xmpp.Server.Uploads;

namespace Kith.Web.Uploads;

/// <summary>
/// <c>PUT</c>: the road of a file is slot, room, bytes under another name, sync, its own name, sync, row, 201. Wherever it
/// ends before the row, nothing is left.
/// </summary>
internal sealed class Receiving(XmppServer server, UploadDirectory directory, ILogger log)
{
    /// <summary>What is collected before the disk is asked: TLS hands over pieces of four kilobytes.</summary>
    private const int WrittenAtOnce = 64 << 10;

    public async Task HandleAsync(HttpContext http, UploadPath path)
    {
        string? token = http.Request.Query[UploadEndpoints.TokenParameter];
        if (!server.Files.Slots.TryRead(path.Id, path.Name, token, out UploadSlot? slot))
        {
            await RefuseAsync(http, UploadRefusal.NoSlot);
            return;
        }
        if (Mismatch(http.Request, slot) is var (status, why))
        {
            await UploadEndpoints.RefuseAsync(http, status, why);
            return;
        }
        using Arrival? arrival = server.Files.Begin(slot, out UploadRefusal refusal);
        if (arrival is null)
            await RefuseAsync(http, refusal);
        else
            await ReceiveAsync(http, arrival);
    }

    // XEP-0363 §7: exactly the size, and the type where one was said.
    private static (int Status, string Why)? Mismatch(HttpRequest request, UploadSlot slot)
    {
        string? type = MediaType.Read(request.ContentType);
        return request.ContentLength switch
        {
            null => (StatusCodes.Status411LengthRequired, "Say the size first: Content-Length."),
            var length when length > slot.Size => (
                StatusCodes.Status413PayloadTooLarge,
                "Larger than the slot that was asked for."
            ),
            var length when length < slot.Size => (
                StatusCodes.Status400BadRequest,
                "Smaller than the slot that was asked for."
            ),
            _ when slot.MediaType is not null && request.ContentType is not null && type != slot.MediaType => (
                StatusCodes.Status415UnsupportedMediaType,
                "Another type than the slot was asked for."
            ),
            _ => null,
        };
    }

    private async Task ReceiveAsync(HttpContext http, Arrival arrival)
    {
        UploadSlot slot = arrival.Slot;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = slot.Size;
        try
        {
            await using IncomingFile file = directory.Begin(slot.Id, slot.Size);
            if (!await TryReadAsync(http, file, slot.Size))
                return;
            await file.CompleteAsync();
            string type = slot.MediaType ?? MediaType.Read(http.Request.ContentType) ?? MediaType.Unknown;
            if (await arrival.CommitAsync(type) is { } refusal)
            {
                await RefuseAsync(http, refusal);
                return;
            }
            file.Keep();
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException or StorageException)
        {
            Log.UploadNotKept(log, full);
            await RefuseAsync(http, UploadRefusal.DiskFull);
            return;
        }
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.Headers.Location = server.Files.Url(slot.Id, slot.Name);
        http.Response.Headers.ETag = Serving.TagOf(slot.Id);
        http.Response.ContentLength = 0;
    }

    /// <summary>False when the other side broke off, which is its own affair.</summary>
    private static async Task<bool> TryReadAsync(HttpContext http, IncomingFile file, long size)
    {
        PipeReader body = http.Request.BodyReader;
        while (file.Length < size)
        {
            ReadResult read;
            try
            {
                int wanted = (int)Math.Min(WrittenAtOnce, size - file.Length);
                read = await body.ReadAtLeastAsync(wanted, http.RequestAborted);
            }
            catch (BadHttpRequestException slow)
            {
                http.Response.StatusCode = slow.StatusCode;
                return false;
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                http.Abort();
                return false;
            }
            await file.WriteAsync(read.Buffer);
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }
        return file.Length == size || Cut(http);
    }

    private static bool Cut(HttpContext http)
    {
        http.Abort();
        return false;
    }

    private static Task RefuseAsync(HttpContext http, UploadRefusal refusal)
    {
        (int status, string why) = refusal switch
        {
            UploadRefusal.NoSlot => (StatusCodes.Status403Forbidden, "No slot, or one that is over: ask for another."),
            UploadRefusal.Taken => (StatusCodes.Status409Conflict, "This slot was used: ask for another."),
            UploadRefusal.TooMany => (StatusCodes.Status429TooManyRequests, "Too many uploads at once."),
            UploadRefusal.Quota => (
                StatusCodes.Status507InsufficientStorage,
                "Your files take all the room that they may: remove some."
            ),
            _ => (StatusCodes.Status507InsufficientStorage, "The disk of this server is nearly full."),
        };
        if (refusal == UploadRefusal.TooMany)
            http.Response.Headers.RetryAfter = "10";
        return UploadEndpoints.RefuseAsync(http, status, why);
    }
}
