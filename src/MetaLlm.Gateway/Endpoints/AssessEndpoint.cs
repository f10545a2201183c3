using System.Text.Json;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>POST /v1/assess</c>: says what is predicted of chat requests, for whoever plans many of them. Nothing is decided, recorded or set aside.</summary>
internal sealed class AssessEndpoint(RoutingService routing, SettingsStore settings, BodyMemory memory)
{
    private const int Most = 64;

    public async Task<ApiResult<ListBody<QueryAssessmentBody>>> HandleAsync(HttpContext context)
    {
        var tenant = context.Tenant();
        var body = await RequestBodyReader.ReadAsync(context, settings.Current.Limits.BodyBytes, memory).ConfigureAwait(false);
        var queries = new List<(string Query, DecisionRequest Request)>();
        using (var document = RequestBodyReader.Parse(body))
        {
            foreach (var request in Requests(document.RootElement))
            {
                var read = ChatRequestReader.Read(request, context.Request.Headers, tenant, context.CallerKey().OfDirectory);
                queries.Add((read.Query, read.Route));
            }
        }

        var assessed = await routing.AssessAsync(tenant.Id, queries, context.RequestAborted).ConfigureAwait(false);
        return new ApiResult<ListBody<QueryAssessmentBody>>(new ListBody<QueryAssessmentBody>
        {
            Data = [.. assessed.Select(one => new QueryAssessmentBody { InputTokens = one.InputTokens, Arms = [.. one.Arms.Select(DecisionView.Of)] })],
        });
    }

    private static JsonElement.ArrayEnumerator Requests(JsonElement root)
    {
        var legal = $"it must be a list of 1 to {Most} chat requests.";
        var requests = new JsonObjectReader(root, "").Find("requests") ?? throw ApiException.BadField("requests", $"is missing; {legal}");
        return requests.ValueKind == JsonValueKind.Array && requests.GetArrayLength() is >= 1 and <= Most
            ? requests.EnumerateArray()
            : throw ApiException.BadField("requests", requests.ValueKind == JsonValueKind.Array ? $"has {requests.GetArrayLength()} items; {legal}" : legal);
    }
}
