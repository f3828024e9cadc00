using System.IO.Pipelines;
using Microsoft.Net.Http.Headers;
using Microsoft.Win32.SafeHandles;
using Storage;
using Xmpp.Server;
using Xmpp.Server.Stores;

namespace Kith.Web.Uploads;

/// <summary><c>GET</c> and <c>HEAD</c>: a file or a stretch of it, straight from the disk into the connection's buffers.</summary>
internal sealed class Serving(XmppServer server, UploadDirectory directory, ILogger log)
{
    /// <summary>What is read and encrypted in one go.</summary>
    private const int SentAtOnce = 256 << 10;

    /// <summary>A file never changes under its id, which is why this is a strong one (RFC 9110 §8.8.3).</summary>
    public static string TagOf(string id) => $"\"{id}\"";

    public async Task HandleAsync(HttpContext http, UploadPath path)
    {
        UploadRecord? file = server.Files.Find(path.Id, path.Name);
        using SafeFileHandle? content = file is null ? null : directory.TryOpen(file.Id);
        if (file is null || content is null || !IsWhole(file, content))
        {
            await UploadEndpoints.RefuseAsync(http, StatusCodes.Status404NotFound, "There is no such file.");
            return;
        }
        Describe(http.Response, file);
        Selection selected = Selection.Of(http.Request, file);
        http.Response.StatusCode = selected.Status;
        if (selected.Status is not (StatusCodes.Status200OK or StatusCodes.Status206PartialContent))
        {
            Withdraw(http.Response, file, selected.Status);
            return;
        }
        http.Response.ContentLength = selected.Length;
        if (selected.Status == StatusCodes.Status206PartialContent)
            http.Response.Headers.ContentRange = new ContentRangeHeaderValue(
                selected.Start,
                selected.Start + selected.Length - 1,
                file.Size
            ).ToString();
        if (!HttpMethods.IsHead(http.Request.Method))
            await SendAsync(http, content, selected);
    }

    private bool IsWhole(UploadRecord file, SafeFileHandle content)
    {
        long length = RandomAccess.GetLength(content);
        if (length == file.Size)
            return true;
        Log.UploadDamaged(log, file.Id[..4], length, file.Size);
        return false;
    }

    private static void Describe(HttpResponse response, UploadRecord file)
    {
        IHeaderDictionary headers = response.Headers;
        response.ContentType = ShownTypes.ContentType(file.MediaType);
        var disposition = new ContentDispositionHeaderValue(
            ShownTypes.IsInline(file.MediaType) ? "inline" : "attachment"
        );
        disposition.SetHttpFileName(file.Name);
        headers.ContentDisposition = disposition.ToString();
        headers.ETag = TagOf(file.Id);
        headers.LastModified = HeaderUtilities.FormatDate(file.Created);
        headers.AcceptRanges = "bytes";
        headers.CacheControl = file.Expires is null ? "private, max-age=604800, immutable" : "no-store";
    }

    // No file after all: unchanged, not as it should be, or no such stretch.
    private static void Withdraw(HttpResponse response, UploadRecord file, int status)
    {
        response.ContentType = null;
        response.Headers.ContentDisposition = default;
        if (status == StatusCodes.Status304NotModified)
            return;
        response.ContentLength = 0;
        response.Headers.CacheControl = "no-store";
        if (status == StatusCodes.Status416RangeNotSatisfiable)
            response.Headers.ContentRange = new ContentRangeHeaderValue(file.Size).ToString();
    }

    private static async Task SendAsync(HttpContext http, SafeFileHandle content, Selection selected)
    {
        CancellationToken gone = http.RequestAborted;
        try
        {
            await http.Response.StartAsync(gone);
            PipeWriter output = http.Response.BodyWriter;
            long end = selected.Start + selected.Length;
            for (long at = selected.Start; at < end; )
            {
                int wanted = (int)Math.Min(SentAtOnce, end - at);
                // Goes on elsewhere than on the connection's own thread: a disk may be slow.
                int read = await RandomAccess.ReadAsync(content, output.GetMemory(wanted)[..wanted], at, gone);
                if (read == 0)
                {
                    http.Abort();
                    return;
                }
                output.Advance(read);
                at += read;
                if ((await output.FlushAsync(gone)).IsCompleted)
                    return;
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // Whoever asked has what it wanted, or comes back for the rest.
        }
    }
}
