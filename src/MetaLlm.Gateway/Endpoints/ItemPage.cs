using System.Buffers;
using System.Globalization;
using System.Text.Json;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Surfaces;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary>Pages of items of the Responses format.</summary>
internal static class ItemPage
{
    private const int MostOfPage = 100;
    private const int UsualPage = 20;

    /// <summary>The items of a list with their ids; those that came without one have one made of their place.</summary>
    /// <param name="list">The list.</param>
    /// <param name="owner">What its items belong to.</param>
    public static IEnumerable<(string Id, JsonElement Item)> Named(JsonElement list, string owner) => list.EnumerateArray().Select((item, index) => (
        item.TryGetProperty("id", out var own) && own.ValueKind == JsonValueKind.String ? own.GetString()! : string.Create(CultureInfo.InvariantCulture, $"{owner}_{index}"), item));

    /// <summary>Answers with the page that a request asks for: newest first unless <c>order</c> is <c>asc</c>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="items">All items with their ids, oldest first.</param>
    /// <exception cref="ApiException">A parameter is illegal.</exception>
    public static async Task AnswerAsync(HttpContext context, List<(string Id, JsonElement Item)> items)
    {
        var page = Write(context.Request.Query, items);
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(page, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Writes the page that a request asks for: newest first unless <c>order</c> is <c>asc</c>.</summary>
    /// <param name="query">Has <c>limit</c>, <c>order</c> and <c>after</c>.</param>
    /// <param name="items">All items with their ids, oldest first.</param>
    /// <exception cref="ApiException">A parameter is illegal.</exception>
    public static ReadOnlyMemory<byte> Write(IQueryCollection query, List<(string Id, JsonElement Item)> items)
    {
        var (limit, after) = (Paging.Limit(query["limit"], UsualPage, MostOfPage), query["after"].ToString());
        if (Paging.IsNewestFirst(query["order"]))
        {
            items.Reverse();
        }

        var start = after.Length == 0 ? 0 : items.FindIndex(item => item.Id == after) + 1;
        Paging.RequireKnown(after, start > 0 || after.Length == 0);
        var page = items.Skip(start).Take(limit).ToList();
        var output = new ArrayBufferWriter<byte>();
        using (var writer = ChatWriter.Open(output))
        {
            WritePage(writer, page, start + page.Count < items.Count);
        }

        return output.WrittenMemory;
    }

    private static void WritePage(Utf8JsonWriter writer, List<(string Id, JsonElement Item)> page, bool hasMore)
    {
        writer.WriteStartObject();
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        foreach (var (id, item) in page)
        {
            Write(writer, id, item);
        }

        writer.WriteEndArray();
        writer.WriteString("first_id", page.Count > 0 ? page[0].Id : null);
        writer.WriteString("last_id", page.Count > 0 ? page[^1].Id : null);
        writer.WriteBoolean("has_more", hasMore);
        writer.WriteEndObject();
    }

    /// <summary>Clients may leave out what follows from the rest, and a text may stand for a list of one; here everything is said.</summary>
    private static void Write(Utf8JsonWriter writer, string id, JsonElement item)
    {
        writer.WriteStartObject();
        writer.WriteString("id", id);
        if (!item.TryGetProperty("type", out _))
        {
            writer.WriteString("type", "message");
        }

        foreach (var member in item.EnumerateObject())
        {
            if (member.NameEquals("id"u8))
            {
                continue;
            }

            if (member.NameEquals("content"u8) && member.Value.ValueKind == JsonValueKind.String)
            {
                writer.WriteStartArray("content");
                writer.WriteStartObject();
                writer.WriteString("type", item.TryGetProperty("role", out var role) && role.ValueEquals("assistant"u8) ? "output_text" : "input_text");
                writer.Copy("text", member.Value);
                writer.WriteEndObject();
                writer.WriteEndArray();
            }
            else
            {
                writer.Copy(member.Name, member.Value);
            }
        }

        writer.WriteEndObject();
    }
}
