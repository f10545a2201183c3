using System.ClientModel;
using System.ComponentModel;
using MetaLlm.Extensions.AI;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using OpenAI;

var builder = WebApplication.CreateBuilder(args);
var openAi = new OpenAIClient(new ApiKeyCredential(builder.Configuration["OPENAI_API_KEY"]!), new OpenAIClientOptions { Endpoint = new(builder.Configuration["OPENAI_BASE_URL"] ?? "https://api.openai.com/v1") });
builder.Services.AddKeyedChatClient("small", openAi.GetChatClient("gpt-4.1-nano").AsIChatClient());
builder.Services.AddKeyedChatClient("large", openAi.GetChatClient("gpt-4.1").AsIChatClient());
builder.AddMetaLlmChatClient(models => models.Add("small", 0.10, 0.40).Add("large", 2.00, 8.00));
var app = builder.Build();

// Microsoft Agent Framework: an agent over the routed client. Each step of its loop is a decision; between a call and its result the model stays.
app.MapGet("/agent", async (string question, IChatClient chat, CancellationToken cancellationToken) =>
{
    var agent = new ChatClientAgent(chat, "You answer in one sentence.", tools: [AIFunctionFactory.Create(Today)]);
    var answer = await agent.RunAsync(question, cancellationToken: cancellationToken);
    return new { answer.Text, Decision = answer.AsChatResponse().GetRoutingDecision() };
});

// Semantic Kernel: the routed client as its chat completion service.
app.MapGet("/kernel", async (string question, IChatClient chat, CancellationToken cancellationToken) =>
{
    var kernel = new Kernel();
    kernel.Plugins.AddFromFunctions("calendar", [KernelFunctionFactory.CreateFromMethod(Today)]);
    var settings = new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };
    var answer = await chat.AsChatCompletionService().GetChatMessageContentAsync(question, settings, kernel, cancellationToken);
    return new { Text = answer.Content, answer.ModelId };
});
app.Run();

[Description("Tells today's date.")]
static string Today() => DateTimeOffset.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
