using MetaLlm.WebConsole.Layout;
using MetaLlm.WebConsole.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace MetaLlm.WebConsole.Routing;

/// <summary>Answers of pages and handlers.</summary>
internal static class ConsoleAnswers
{
    /// <summary>Header by which a script asks for a part of a page.</summary>
    public const string FragmentHeader = "x-metallm-fragment";

    public const string OldForm = "The form is too old, or did not come from this console. Go back, load the page anew and send it again.";
    public const string SessionEnded = "The session has ended. Sign in and try again.";
    public const string Failed = "This page could not be made; the log of the gateway says why.";
    public const string NotFound = "There is no such page.";

    /// <summary>Those of the sentences above that pages translate. Other messages hold what was asked for, and come translated or not at all.</summary>
    public static IReadOnlySet<string> Sentences { get; } = new HashSet<string>([OldForm, SessionEnded, Failed, NotFound], StringComparer.Ordinal);

    /// <summary>A page within the console's frame.</summary>
    /// <param name="page">Its component.</param>
    /// <param name="parameters">The component's parameters; null for none.</param>
    /// <param name="status">HTTP status.</param>
    public static IResult Page(Type page, IReadOnlyDictionary<string, object?>? parameters = null, int status = StatusCodes.Status200OK) =>
        new RazorComponentResult<ConsoleDocument>(new Dictionary<string, object?>
        {
            [nameof(ConsoleDocument.Page)] = page,
            [nameof(ConsoleDocument.PageParameters)] = parameters?.ToDictionary(),
        })
        {
            StatusCode = status,
            PreventStreamingRendering = true,
        };

    /// <summary>A page within the console's frame, for a handler that has something to say about a form.</summary>
    /// <typeparam name="TPage">Its component.</typeparam>
    /// <param name="status">HTTP status.</param>
    /// <param name="parameters">Names and values of the component's parameters.</param>
    public static IResult Page<TPage>(int status, params IEnumerable<(string Name, object? Value)> parameters)
        where TPage : IComponent => Page(typeof(TPage), parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value), status);

    /// <summary>A component by itself, which a script puts into a page.</summary>
    /// <typeparam name="TPart">The component.</typeparam>
    public static IResult Part<TPart>()
        where TPart : IComponent => new RazorComponentResult<TPart> { PreventStreamingRendering = true };

    /// <summary>A page that says what is wrong.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="message">A sentence: one of <see cref="Sentences"/>, or in the language of the request.</param>
    public static IResult Problem(int status, string message) =>
        Page<ProblemPage>(status, (nameof(ProblemPage.Status), status), (nameof(ProblemPage.Message), message));

    /// <summary>There is no such tenant, or none at all.</summary>
    /// <param name="context">The request.</param>
    public static IResult NoTenant(HttpContext context)
    {
        var named = context.Request.Query[TenantScope.Parameter].ToString();
        var texts = TextsOf(context);
        return Problem(StatusCodes.Status404NotFound, named.Length > 0 ? texts["There is no tenant '{0}'.", named] : texts["There is no tenant yet."]);
    }

    /// <summary>The texts of the frame, in the language of a request.</summary>
    /// <param name="context">The request.</param>
    public static IStringLocalizer<Texts> TextsOf(HttpContext context) => context.RequestServices.GetRequiredService<IStringLocalizer<Texts>>();

    /// <summary>Goes on to an address of this console.</summary>
    /// <param name="view">The request's view.</param>
    /// <param name="address">The address that was asked for, which may be anything.</param>
    public static IResult Redirect(ConsoleView view, string? address) => Results.LocalRedirect(view.IsOwn(address) ? address! : view.Url(string.Empty));
}
