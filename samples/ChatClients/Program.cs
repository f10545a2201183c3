using System.ClientModel;
using MetaLlm.Extensions.AI;
using Microsoft.Extensions.AI;
using OpenAI;

var builder = WebApplication.CreateBuilder(args);
var openAi = new OpenAIClient(new ApiKeyCredential(builder.Configuration["OPENAI_API_KEY"]!), new OpenAIClientOptions { Endpoint = new(builder.Configuration["OPENAI_BASE_URL"] ?? "https://api.openai.com/v1") });

builder.Services.AddKeyedChatClient("small", openAi.GetChatClient("gpt-4.1-nano").AsIChatClient());
builder.Services.AddKeyedChatClient("large", openAi.GetChatClient("gpt-4.1").AsIChatClient());
builder.AddMetaLlmChatClient(models => models.Add("small", 0.10, 0.40).Add("large", 2.00, 8.00));     // by USD per million tokens

var app = builder.Build();
app.MapGet("/ask", async (string question, IChatClient chat) => await chat.GetResponseAsync(question));
app.MapPost("/vote", async (string id, bool isUp, IFeedbackClient feedback) => await feedback.SendAsync(Feedback.Thumb(id, isUp)));
app.Run();
