using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;
using Xmpp.Server.Stores;

namespace Kith.Web.Uploads;

/// <summary>What of a file a request gets: all of it, one stretch, or nothing (RFC 9110 §13.2.2 and §14).</summary>
/// <param name="Status">200, 206, 304, 412 or 416.</param>
/// <param name="Start">The first byte.</param>
/// <param name="Length">How many.</param>
internal readonly record struct Selection(int Status, long Start, long Length)
{
    public static Selection Of(HttpRequest request, UploadRecord file)
    {
        RequestHeaders headers = request.GetTypedHeaders();
        var tag = new EntityTagHeaderValue(Serving.TagOf(file.Id));
        // Seconds are what the header can say.
        DateTimeOffset modified = DateTimeOffset.FromUnixTimeSeconds(file.Created.ToUnixTimeSeconds());
        if (IsUnwanted(headers, tag, modified))
            return new(StatusCodes.Status412PreconditionFailed, 0, 0);
        if (IsKnown(headers, tag, modified))
            return new(StatusCodes.Status304NotModified, 0, 0);
        var whole = new Selection(StatusCodes.Status200OK, 0, file.Size);
        bool stretch = HttpMethods.IsGet(request.Method) && MayBePart(headers.IfRange, tag, modified);
        return stretch && headers.Range is { } range ? Part(range, file.Size) ?? whole : whole;
    }

    // Steps 1 and 2.
    private static bool IsUnwanted(RequestHeaders headers, EntityTagHeaderValue tag, DateTimeOffset modified) =>
        headers.IfMatch.Count > 0
            ? !headers.IfMatch.Any(wanted => Matches(wanted, tag, strong: true))
            : headers.IfUnmodifiedSince < modified;

    // Steps 3 and 4.
    private static bool IsKnown(RequestHeaders headers, EntityTagHeaderValue tag, DateTimeOffset modified) =>
        headers.IfNoneMatch.Count > 0
            ? headers.IfNoneMatch.Any(known => Matches(known, tag, strong: false))
            : headers.IfModifiedSince >= modified;

    // Step 5: the condition compares strongly, or with exactly this time.
    private static bool MayBePart(
        RangeConditionHeaderValue? condition,
        EntityTagHeaderValue tag,
        DateTimeOffset modified
    ) =>
        condition is null
        || (
            condition.EntityTag is { } wanted
                ? wanted.Compare(tag, useStrongComparison: true)
                : condition.LastModified == modified
        );

    private static bool Matches(EntityTagHeaderValue one, EntityTagHeaderValue tag, bool strong) =>
        one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, strong);

    // Null for what may be passed over (§14.2): other units, and several stretches, which apps do not ask for.
    private static Selection? Part(RangeHeaderValue range, long size)
    {
        if (range.Unit != "bytes" || range.Ranges.Count != 1)
            return null;
        RangeItemHeaderValue item = range.Ranges.Single();
        long start = item.From ?? Math.Max(0, size - item.To!.Value);
        long last = item.From is null ? size - 1 : Math.Min(size - 1, item.To ?? size - 1);
        return start > last
            ? new(StatusCodes.Status416RangeNotSatisfiable, 0, 0)
            : new(StatusCodes.Status206PartialContent, start, last - start + 1);
    }
}
