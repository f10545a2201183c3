using System.Buffers;
using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using MetaLlm.Engine.Responses;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Surfaces;
using MetaLlm.Gateway.Surfaces.Responses;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>/v1/responses/{id}</c>: responses that are kept. Another tenant's is as unknown as one that never was.</summary>
internal sealed class ResponsesEndpoint(ResponseHistory history)
{
    private const int MostOfPage = 100;
    private const int UsualPage = 20;

    public async Task GetAsync(HttpContext context, [Description("The response's id.")] string id)
    {
        if (context.Request.Query["stream"] == "true")
        {
            throw ApiException.BadField("stream", "is true; a response that is kept comes whole, so that it must be false.");
        }

        var found = await history.FindAsync(context.Tenant().Id, id, context.RequestAborted).ConfigureAwait(false);
        await WriteAsync(context, found.Response).ConfigureAwait(false);
    }

    public async Task<ApiResult<DeletedResponseBody>> DeleteAsync(HttpContext context, [Description("The response's id.")] string id)
    {
        var tenant = context.Tenant().Id;
        await history.FindAsync(tenant, id, context.RequestAborted).ConfigureAwait(false);
        await history.Store.DeleteAsync(tenant, id, context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<DeletedResponseBody>(new DeletedResponseBody { Id = id });
    }

    public async Task InputAsync(HttpContext context, [Description("The response's id.")] string id)
    {
        var query = context.Request.Query;
        var limit = Limit(query["limit"]);
        var isAscending = query["order"].ToString() switch
        {
            "asc" => true,
            "" or "desc" => false,
            var other => throw ApiException.BadField("order", $"is '{other}'; it must be asc or desc."),
        };
        var found = await history.FindAsync(context.Tenant().Id, id, context.RequestAborted).ConfigureAwait(false);
        var output = new ArrayBufferWriter<byte>();
        using (var input = JsonDocument.Parse(found.Input))
        {
            var items = Named(found, input.RootElement);
            if (!isAscending)
            {
                items.Reverse();
            }

            WritePage(output, items, query["after"].ToString(), limit);
        }

        await WriteAsync(context, output.WrittenMemory).ConfigureAwait(false);
    }

    private static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> json)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(json, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>The items with their ids; those that came without one have one made of their place.</summary>
    private static List<(string Id, JsonElement Item)> Named(StoredResponse response, JsonElement input) =>
        [.. input.EnumerateArray().Select((item, index) => (
            item.TryGetProperty("id", out var own) && own.ValueKind == JsonValueKind.String ? own.GetString()! : string.Create(CultureInfo.InvariantCulture, $"{response.Id}_in_{index}"), item))];

    private static void WritePage(ArrayBufferWriter<byte> output, List<(string Id, JsonElement Item)> items, string after, int limit)
    {
        var start = after.Length == 0 ? 0 : items.FindIndex(item => item.Id == after) + 1;
        if (start == 0 && after.Length > 0)
        {
            throw ApiException.BadField("after", $"is '{after}', which is no item of the list.");
        }

        var page = items.Skip(start).Take(limit).ToList();
        using var writer = ChatWriter.Open(output);
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
        writer.WriteBoolean("has_more", start + page.Count < items.Count);
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

    private static int Limit(string? text) => string.IsNullOrEmpty(text) ? UsualPage
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MostOfPage ? limit
        : throw ApiException.BadField("limit", $"is '{text}'; it must be a whole number from 1 to {MostOfPage}.");
}
