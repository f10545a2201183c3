using System.Globalization;
using System.Text.Json.Nodes;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Http;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>Says what the policy of the form would have earned on the tenant's own log. Nothing is saved; the form keeps what was typed.</summary>
[ConsoleRoute("manage/policy/estimate", AdminRole.Read, Method = "POST", Tenant = true)]
internal sealed class PolicyEstimateHandler(PolicyEstimates estimates, ConsoleView view) : IConsoleHandler
{
    /// <inheritdoc/>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        var typed = FormSpec.Policy.Fields.ToDictionary(field => field.Path, field => form[field.Path].ToString().ReplaceLineEndings("\n").Trim());
        var document = new JsonObject();
        foreach (var field in FormSpec.Policy.Fields)
        {
            DocumentFields.Write(document, field, typed[field.Path]);
        }

        var state = new FormState(FormSpec.Policy.Name, typed, new ApiError(ErrorCode.InvalidValue, ""));
        try
        {
            var options = (document["policyOptions"] as JsonObject ?? []).ToDictionary(option => option.Key, option => Number(option.Value, "policyOptions"));
            var price = typed["priceWeight"].Length > 0 ? Number(document["priceWeight"], "priceWeight") : (double?)null;
            var policy = typed["policy"].Length > 0 ? typed["policy"] : "metallm";
            var preview = await estimates.EstimateAsync(view.Tenant, policy, options, price, context.RequestAborted).ConfigureAwait(false);
            return ConsoleAnswers.Page<PolicyPage>(StatusCodes.Status200OK, (nameof(PolicyPage.State), state with { Asked = true }), (nameof(PolicyPage.Preview), preview));
        }
        catch (ApiException e)
        {
            return ConsoleAnswers.Page<PolicyPage>(e.Error.Status, (nameof(PolicyPage.State), state with { Error = e.Error }));
        }
    }

    private static double Number(JsonNode? node, string field) =>
        double.TryParse(node?.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? number
            : throw ApiException.BadField(field, $"has {node?.ToJsonString() ?? "nothing"}; it must be a number of at least 0.");
}
