using MetaLlm.WebConsole;
using MetaLlm.WebConsole.Routing;
using MetaLlm.WebConsole.SignIn;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the console.</summary>
public static class MetaLlmConsoleEndpointRouteBuilderExtensions
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps the console where its settings say, <c>/console</c> by default. Sessions, roles and tokens of forms are its own: it needs no middleware of the application.</summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    /// <exception cref="InvalidOperationException"><c>AddMetaLlmConsole</c> was not called.</exception>
    public static IEndpointRouteBuilder MapMetaLlmConsole(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var services = app.ServiceProvider;
        var settings = services.GetService<ConsoleSettings>() ?? throw new InvalidOperationException("The console is not registered; call AddMetaLlmConsole().");
        var gate = services.GetRequiredService<ConsoleGate>();

        // Who may pass is asked by the gate; a policy that an application has for endpoints without one is not for these.
        var console = app.MapGroup(settings.Path).AllowAnonymous().ExcludeFromDescription();
        console.MapMethods("/assets/{file}", Reading, (RequestDelegate)ConsoleAssets.WriteAsync);
        var signIn = services.GetRequiredService<SignInEndpoint>();
        console.MapMethods("/sign-in", Reading, new OpenRunner(gate, signIn.ShowAsync).RunAsync);
        console.MapMethods("/sign-in", [HttpMethods.Post], new OpenRunner(gate, signIn.TakeAsync).RunAsync);
        foreach (var route in ConsoleRoutes.All)
        {
            console.MapMethods("/" + route.Place.Path, route.Place.Method == HttpMethods.Get ? Reading : [route.Place.Method], new RouteRunner(gate, route).RunAsync);
        }

        console.MapFallback("/{**path}", new OpenRunner(gate, OpenRunner.NotFoundAsync).RunAsync);
        return app;
    }
}
