using System.Reflection;
using MetaLlm.WebConsole.Routing;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Tests;

public sealed class RouteTests
{
    [Fact]
    public void A_page_or_a_handler_without_a_role_is_refused()
    {
        Assert.Contains("[ConsoleRoute]", Assert.Throws<InvalidOperationException>(() => ConsoleRoute.Page<Roleless>()).Message, StringComparison.Ordinal);
        Assert.Contains("[ConsoleRoute]", Assert.Throws<InvalidOperationException>(() => ConsoleRoute.Handler<RolelessHandler>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_page_and_handler_of_the_library_is_reachable_at_one_address_of_its_own()
    {
        var marked = typeof(ConsoleRoutes).Assembly.GetTypes().Where(type => type.IsDefined(typeof(ConsoleRouteAttribute), inherit: false) || typeof(IConsoleHandler).IsAssignableFrom(type) && type.IsClass);
        Assert.Equal(marked.Select(type => type.Name).Order(), ConsoleRoutes.All.Select(route => route.Type.Name).Order());
        Assert.Equal(ConsoleRoutes.All.Count, ConsoleRoutes.All.Select(route => (route.Place.Method, route.Place.Path)).Distinct().Count());
    }

    [Fact]
    public void A_page_that_reads_is_rendered_once_and_not_before_it_has_read() =>
        Assert.All(ConsoleRoutes.All.Where(route => route.IsPage), route => Assert.All(
            route.Type.GetMethods(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly),
            method => Assert.DoesNotMatch("^On(Initialized|ParametersSet|AfterRender)Async$", method.Name)));

    private sealed class Roleless : ComponentBase;

    private sealed class RolelessHandler : IConsoleHandler
    {
        public Task<IResult> HandleAsync(HttpContext context) => Task.FromResult(Results.Empty);
    }
}
