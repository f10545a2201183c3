using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Routing;

var builder = WebApplication.CreateBuilder(args);
builder.AddMetaLlm();       // store, embedder, silo and gateway, as the section "MetaLlm" of appsettings.json says

var app = builder.Build();
app.MapMetaLlm();           // POST /v1/chat/completions, POST /v1/feedback, ...

// In process, without HTTP: which model gives the best answer to this query for the money?
app.MapGet("/pick", async (string query, RoutingService routing, CancellationToken cancellationToken) =>
{
    var features = QueryFeatures.Of(query, embedding: [], task: null, TokenEstimate.FromCharacters(query.Length));
    var decision = await routing.RouteAsync("app", query, new DecisionRequest { Features = features }, cancellationToken);
    return new { decision.DecisionId, decision.ChosenArm };
});
app.Run();
