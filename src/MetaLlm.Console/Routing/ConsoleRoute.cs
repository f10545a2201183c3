using System.Reflection;
using MetaLlm.Gateway.Authentication;
using Microsoft.AspNetCore.Components;

namespace MetaLlm.WebConsole.Routing;

/// <summary>A page or a handler of the console.</summary>
/// <param name="Type">The component, or the handler's class.</param>
/// <param name="Place">Where it stands and who may reach it.</param>
/// <param name="Title">Of a page, its name in the navigation, English; null when it is not there.</param>
internal sealed record ConsoleRoute(Type Type, ConsoleRouteAttribute Place, string? Title)
{
    /// <summary>Whether it is a page.</summary>
    public bool IsPage => typeof(IComponent).IsAssignableFrom(Type);

    /// <summary>The least role.</summary>
    public AdminRole Role => Place.Role;

    /// <summary>A page.</summary>
    /// <typeparam name="TPage">Its component.</typeparam>
    /// <param name="title">Its name in the navigation, English; null to leave it out there.</param>
    /// <exception cref="InvalidOperationException">The component has no <see cref="ConsoleRouteAttribute"/>, or one for another method than GET.</exception>
    public static ConsoleRoute Page<TPage>(string? title = null)
        where TPage : IComponent
    {
        var place = PlaceOf(typeof(TPage));
        return place.Method == "GET" ? new ConsoleRoute(typeof(TPage), place, title) : throw new InvalidOperationException($"{typeof(TPage)} is a page; its route's method must be GET.");
    }

    /// <summary>A handler.</summary>
    /// <typeparam name="THandler">Its class.</typeparam>
    /// <exception cref="InvalidOperationException">The class has no <see cref="ConsoleRouteAttribute"/>.</exception>
    public static ConsoleRoute Handler<THandler>()
        where THandler : IConsoleHandler => new(typeof(THandler), PlaceOf(typeof(THandler)), null);

    private static ConsoleRouteAttribute PlaceOf(Type type) =>
        type.GetCustomAttribute<ConsoleRouteAttribute>() ?? throw new InvalidOperationException($"{type} has no [ConsoleRoute], which says where it stands and which role it needs.");
}
