// SPDX-License-Identifier: GPL-3.0-or-later
// Debian's Chromium under somebody's hands: opens pages, types and presses, through chromedriver
// (W3C WebDriver). Every step throws std::runtime_error when the browser cannot do it.
#pragma once

#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

#include <string>

namespace tapport::journey {

class WebDriver {
  public:
    WebDriver();
    ~WebDriver();
    WebDriver(const WebDriver&) = delete;
    WebDriver& operator=(const WebDriver&) = delete;

    /// Returns when the page is loaded, as click() does for one that it leads to.
    void open(const std::string& url);
    /// `element` is a CSS selector.
    void type(const std::string& element, const std::string& text);
    void click(const std::string& element);
    /// Of the page itself, in CSS pixels.
    void resize(int width, int height);
    [[nodiscard]] std::string address();
    /// What a JavaScript expression is on this page.
    [[nodiscard]] int number(const std::string& expression);
    /// The page as it stands now.
    [[nodiscard]] std::string source();

  private:
    [[nodiscard]] std::string find(const std::string& element);

    support::TempDir profile_;
    int port_ = support::freePort();
    support::ChildProcess driver_;
    std::string session_;  ///< path of its resource
};

}  // namespace tapport::journey
