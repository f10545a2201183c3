using System.ClientModel;
using MetaLlm.Engine.Ports;
using MetaLlm.Extensions.AI;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.AI;
using OpenAI;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot") });
var openAi = new OpenAIClient(new ApiKeyCredential(builder.Configuration["OPENAI_API_KEY"]!), new OpenAIClientOptions { Endpoint = new(builder.Configuration["OPENAI_BASE_URL"] ?? "https://api.openai.com/v1") });
builder.Services.AddKeyedChatClient("small", openAi.GetChatClient("gpt-4.1-nano").AsIChatClient());
builder.Services.AddKeyedChatClient("large", openAi.GetChatClient("gpt-4.1").AsIChatClient());
builder.AddMetaLlmChatClient(models => models.Add("small", 0.10, 0.40).Add("large", 2.00, 8.00).Budget(usdPerDay: 5));

// What signs the tokens: without it, tokens would end with the process on machines without a home directory.
builder.Services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo("data/keys"));

var app = builder.Build();
app.Use((context, next) =>
{
    context.Response.Headers.ContentSecurityPolicy = "default-src 'self'";
    return next(context);
});
app.UseFileServer();

// The answer comes with a token: with it the browser may say what this answer was worth, and nothing else. No key leaves the server.
app.MapPost("/ask", async (Question asked, IChatClient chat, FeedbackTokens tokens, CancellationToken cancellationToken) =>
{
    var answer = await chat.GetResponseAsync(asked.Text, cancellationToken: cancellationToken);
    return new { answer.Text, answer.GetRoutingDecision()!.Model, Token = tokens.Create(answer.ResponseId!, TimeSpan.FromHours(1)) };
});
app.MapMetaLlmFeedback("/feedback");

// What the votes have taught.
app.MapGet("/learned", async (ITenantEngine engine, IArmCatalog catalog, MetaLlmChatClient chat, CancellationToken cancellationToken) =>
{
    await catalog.PrepareAsync(chat.Tenant, cancellationToken);     // the page may be there before the tenant is set up
    var report = await engine.DescribeAsync(chat.Tenant, cancellationToken);
    var models = report.Arms.Select(arm => new { arm.ArmId, arm.Statistics.Rewards, MeanReward = arm.Statistics.Rewards > 0 ? arm.Statistics.MeanReward : (double?)null });
    return new { report.Decisions, report.RewardsApplied, report.SpendUsd, report.StateHash, Models = models };
});
app.Run();

internal sealed record Question(string Text);
