using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Server.Kestrel.Core;

// What ASP.NET and HttpClient cost by themselves: a body in, the same body on, the answer back. Nothing is read, decided or stored.
// Arguments: port to listen on, base address of the upstream. The HTTP client is set up as the product's.
var port = int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture);
var upstream = new Uri(args[1].TrimEnd('/') + "/v1/chat/completions");
using var client = new HttpMessageInvoker(new SocketsHttpHandler
{
    ConnectTimeout = TimeSpan.FromSeconds(5),
    PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    AllowAutoRedirect = false,
    UseCookies = false,
    AutomaticDecompression = DecompressionMethods.None,
    EnableMultipleHttp2Connections = true,
});

var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().ConfigureKestrel((KestrelServerOptions kestrel) =>
{
    kestrel.AddServerHeader = false;
    kestrel.Listen(IPAddress.Loopback, port);
});
await using var app = builder.Build();
app.Run(async context =>
{
    using var body = new MemoryStream((int)(context.Request.ContentLength ?? 4096));
    await context.Request.Body.CopyToAsync(body, context.RequestAborted);
    using var request = new HttpRequestMessage(HttpMethod.Post, upstream)
    {
        Content = new ByteArrayContent(body.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
    };
    using var answer = await client.SendAsync(request, context.RequestAborted);
    context.Response.StatusCode = (int)answer.StatusCode;
    context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
    await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
});
await app.RunAsync();
